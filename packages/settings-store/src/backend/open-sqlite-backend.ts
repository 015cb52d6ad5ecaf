import { openSqlite } from "@babylon/storage";
import type { OpenContext, OpenedBackend } from "./open-context.ts";
import type { RecordKey } from "./record-key.ts";
import { createSqliteBackend } from "./sqlite-backend.ts";
import { checkSqliteTable, createSqliteTable, requireSqliteTable } from "./sqlite-table.ts";
import type { TableLayout } from "./table-layout.ts";

/** A database file to open. */
export interface SqliteFile {
  /** Absolute; `null` for a database in memory. */
  readonly file: string | null;
  readonly readOnly: boolean;
  /** Whether the file is switched to WAL mode. */
  readonly wal: boolean;
  /** The option or variable that named the file, for errors. */
  readonly at: string;
}

/** The location of the record in a database. */
export interface SqliteEntry {
  readonly table: string;
  readonly layout: TableLayout;
  readonly place: RecordKey;
}

/** Opens a table of an SQLite file. Throws `unavailable` when the file cannot be created or written. */
export function openSqliteBackend(
  { file, readOnly, wal, at }: SqliteFile,
  entry: SqliteEntry,
  { clock, random, sqlitePollMs: pollMs }: OpenContext,
): OpenedBackend {
  const sqliteTable = { table: entry.table, layout: entry.layout, location: `${at}: ${file ?? ":memory:"}` };
  const storage = openSqlite({
    file,
    readOnly,
    wal,
    at,
    clock,
    random,
    check: (database) => (readOnly ? requireSqliteTable : checkSqliteTable)(database, sqliteTable),
    prepare: (database) => createSqliteTable(database, sqliteTable),
  });
  return { backend: createSqliteBackend({ ...entry, storage, pollMs, isShared: file !== null }), secrets: [] };
}
