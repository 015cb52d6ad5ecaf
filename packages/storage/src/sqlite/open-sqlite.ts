import { createReconnecting } from "../reconnecting.ts";
import { StorageError } from "../storage-error.ts";
import { pause } from "../time/deadline.ts";
import { type FilePlace, isMissing } from "./database-file.ts";
import type { SqliteDatabase } from "./node-sqlite.ts";
import { type OpenedFile, openFile, prepareFile } from "./open-file.ts";
import { isBusy, isDamaged, isSqliteError, sqliteError } from "./sqlite-errors.ts";
import type { SqliteOptions } from "./sqlite-options.ts";
import { type DatabaseWatch, watchDatabase } from "./watch-database.ts";

/** An SQLite database that is opened when it is needed, and again when its file is replaced. */
export interface SqliteStorage {
  readonly kind: "sqlite";
  /** An absolute path, or `sqlite :memory:`. */
  readonly location: string;
  /**
   * Runs work on the open database, and again while another connection holds a lock, until the signal aborts. The work runs in one go
   * and must do the same when it is run again: a single statement, or a transaction. Fails with `StorageError`, or with what the work or
   * the options' `check` and `prepare` throw.
   */
  use<T>(work: (database: SqliteDatabase) => T, signal: AbortSignal): Promise<T>;
  /** Whether the file that is open has its name still. Where it has not, nobody else sees what was just written. */
  isInPlace(): boolean;
  /** Whether the file was removed after it had been opened. Asks nobody: it is what was found last. */
  isLost(): boolean;
  /** Calls back when another connection commits, or when the file is removed or replaced. Rejects where it cannot be opened. */
  watch(
    onChange: () => void,
    options: { /** How often to look without an event, milliseconds. */ readonly pollMs: number },
    signal: AbortSignal,
  ): Promise<DatabaseWatch>;
  /** Closes the connection. Calls fail from then on. */
  close(): Promise<void>;
}

/**
 * A database file, or one in memory, over the driver that Node brings. The driver blocks the process while it waits for a lock, so it
 * waits for a few milliseconds at most, and the rest of the waiting is done here. Makes the directory of the file at once and throws
 * `unavailable` where that fails; opens the file when it is used.
 */
export function openSqlite(options: SqliteOptions): SqliteStorage {
  const { file, clock, random } = options;
  prepareFile(options);
  const connection = createReconnecting<OpenedFile>(
    () => openFile(options),
    async (opened) => opened.database.close(),
  );
  let wasOpen = false;
  let isLost = false;

  /** A file that was there once is never made anew: whoever removed it may be about to put another in its place. */
  function place(): FilePlace {
    const found = connection.live()?.place() ?? (wasOpen && file !== null && isMissing(file) ? "missing" : "same");
    isLost = found === "missing";
    return found;
  }

  /** A connection to the file that has the name now. */
  async function openedInPlace(signal: AbortSignal): Promise<OpenedFile> {
    const opened = connection.live();
    const found = place();
    if (isLost) throw lostFile();
    if (found === "replaced" && opened !== undefined) connection.drop(opened);
    const current = await connection.get(signal);
    wasOpen = true;
    return current;
  }

  async function use<T>(work: (database: SqliteDatabase) => T, signal: AbortSignal): Promise<T> {
    for (;;) {
      let opened: OpenedFile | undefined;
      try {
        opened = await openedInPlace(signal);
        return work(opened.database);
      } catch (thrown) {
        if (opened !== undefined && isDamaged(thrown)) connection.drop(opened);
        if (!isSqliteError(thrown)) throw thrown;
        if (!isBusy(thrown)) throw sqliteError(thrown);
        if (signal.aborted) throw sqliteError(thrown);
      }
      await pause(clock, 2 + random() * 18, signal);
      if (signal.aborted) throw sqliteError(new Error("the database stayed locked"));
    }
  }

  return {
    kind: "sqlite",
    location: file ?? "sqlite :memory:",
    use,
    isInPlace: () => place() === "same",
    isLost: () => isLost,
    watch: (onChange, { pollMs }, signal) =>
      watchDatabase({
        file,
        clock,
        pollMs,
        onChange,
        place,
        firstVersion: () => use(dataVersion, signal),
        currentVersion() {
          const opened = connection.live();
          return opened === undefined ? undefined : dataVersion(opened.database);
        },
      }),
    close: () => connection.close(),
  };
}

/** Changes when another connection commits, and only then (sqlite.org/pragma.html). */
function dataVersion(database: SqliteDatabase): unknown {
  return database.prepare("PRAGMA data_version").get()?.data_version;
}

/** Nothing is read from or written to a file that others cannot see. */
function lostFile(): StorageError {
  const message =
    "SQLite: the file was removed or renamed while it was in use, so nothing is written: put it back, or start the process again to make a new one";
  return new StorageError({ message, applied: "no" });
}
