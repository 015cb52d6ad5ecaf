import type { SqliteDatabase, SqliteStorage } from "@babylon/storage";
import { StorageError } from "@babylon/storage";
import { SettingsError } from "../errors/settings-error.ts";
import type { Backend } from "./backend.ts";
import type { RecordKey } from "./record-key.ts";
import { compareStatement, type SqliteQuery, selectStatement, writeStatement } from "./sqlite-statements.ts";
import type { TableLayout } from "./table-layout.ts";

/** Input of {@link createSqliteBackend}. */
export interface SqliteBackendOptions {
  readonly storage: SqliteStorage;
  readonly table: string;
  readonly layout: TableLayout;
  readonly place: RecordKey;
  /** Interval of polls of the file, milliseconds. */
  readonly pollMs: number;
  /** Whether other processes can open the database: false for one in memory. */
  readonly isShared: boolean;
}

/** A backend in a table of an SQLite database. */
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
        // Other processes do not see a write to a file that was removed or replaced, unless it is restored.
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

/** Statements that write use `all`, too: they are committed when the last row was read. */
function run(database: SqliteDatabase, [sql, ...parameters]: SqliteQuery): Rows {
  return database.prepare(sql).all(...parameters);
}

function textIn(rows: Rows): string | undefined {
  const value = rows[0]?.value;
  return value === undefined || value === null ? undefined : String(value);
}

/**
 * Bytes that are not UTF-8 are decoded as U+FFFD, so the text never equals the stored bytes and every update would be a conflict.
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
