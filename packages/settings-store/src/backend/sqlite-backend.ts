import type { SqliteDatabase, SqliteStorage } from "@babylon/storage";
import { StorageError } from "@babylon/storage";
import { SettingsError } from "../errors/settings-error.ts";
import type { Backend } from "./backend.ts";
import type { RecordKey } from "./record-key.ts";
import { compareStatement, type SqliteQuery, selectStatement, writeStatement } from "./sqlite-statements.ts";
import type { TableLayout } from "./table-layout.ts";

/** Where the record is. */
export interface SqliteBackendOptions {
  readonly storage: SqliteStorage;
  readonly table: string;
  readonly layout: TableLayout;
  readonly place: RecordKey;
  /** How often to look at the file without an event, milliseconds. */
  readonly pollMs: number;
  /** Whether other processes can open the database: not one in memory. */
  readonly isShared: boolean;
}

/** Keeps the settings in a table of an SQLite database. */
export function createSqliteBackend(use: SqliteBackendOptions): Backend {
  const { storage, pollMs, isShared } = use;

  return {
    kind: "sqlite",
    location: storage.location,
    cas: "atomic",
    port: {
      async read(signal) {
        const { text, isReadable } = await storage.use((database) => readText(database, use), signal);
        if (!isReadable) throw notUtf8();
        return text;
      },
      readHead: (signal) => storage.use((database) => textIn(run(database, selectStatement(use, 512))), signal),
      async compareAndSet(write, signal) {
        const rows = await storage.use((database) => run(database, writeStatement(use, write)), signal);
        if (rows.length !== 1) return false;
        // What was written to a file that has lost its name is seen by nobody, unless the file gets it back.
        if (!storage.isInPlace()) throw movedDuringWrite();
        return true;
      },
    },
    bus: {
      scope: "all",
      canFail: isShared,
      async connect({ onChange }, signal) {
        const watch = await storage.watch(onChange, { pollMs }, signal);
        return { send: null, close: async () => watch.close() };
      },
    },
    isLost: () => storage.isLost(),
    close: () => storage.close(),
  };
}

type Rows = ReturnType<ReturnType<SqliteDatabase["prepare"]>["all"]>;

/** `all`, also for a statement that writes: it is committed when its last row was read. */
function run(database: SqliteDatabase, [sql, ...parameters]: SqliteQuery): Rows {
  return database.prepare(sql).all(...parameters);
}

function textIn(rows: Rows): string | undefined {
  const value = rows[0]?.value;
  return value === undefined || value === null ? undefined : String(value);
}

/**
 * Bytes that are not UTF-8 come as U+FFFD, and such a text never compares equal to what is stored: every update would be a conflict.
 */
function readText(
  database: SqliteDatabase,
  use: SqliteBackendOptions,
): { readonly text: string | undefined; readonly isReadable: boolean } {
  const text = textIn(run(database, selectStatement(use)));
  if (!text?.includes("\uFFFD")) return { text, isReadable: true };
  const isSame = run(database, compareStatement(use, text)).length === 1;
  return { text, isReadable: isSame || textIn(run(database, selectStatement(use))) !== text };
}

function notUtf8(): SettingsError {
  const message = "what is stored under the key is not a settings record: it is not UTF-8";
  return new SettingsError({ code: "corrupt", message });
}

function movedDuringWrite(): StorageError {
  return new StorageError({ message: "SQLite: the file was removed or replaced during the write", applied: "unknown" });
}
