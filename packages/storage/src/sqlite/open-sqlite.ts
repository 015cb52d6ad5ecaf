import { createReconnecting } from "../reconnecting.ts";
import { StorageError } from "../storage-error.ts";
import { pause } from "../time/deadline.ts";
import { busyPauseMs } from "./busy-timeout.ts";
import { type FileState, isMissing } from "./file-state.ts";
import type { SqliteDatabase } from "./node-sqlite.ts";
import { type OpenedFile, openFile, prepareFile } from "./open-file.ts";
import { isBusy, isDamaged, isSqliteError, sqliteError } from "./sqlite-errors.ts";
import type { SqliteOptions } from "./sqlite-options.ts";
import { type DatabaseWatch, watchDatabase } from "./watch-database.ts";

/** An SQLite database. It is opened lazily, and again when its file is replaced. */
export interface SqliteStorage {
  readonly kind: "sqlite";
  /** An absolute path, or `sqlite :memory:`. */
  readonly location: string;
  /**
   * Runs work on the open database, and repeats it while another connection holds a lock, until the signal aborts. The work is
   * synchronous and must be repeatable: a single statement, or a transaction. Fails with `StorageError`, or with the error of the work or
   * of the options' `check` and `prepare`.
   */
  use<T>(work: (database: SqliteDatabase) => T, signal: AbortSignal): Promise<T>;
  /** Whether the path still names the open file. If not, other processes do not see the latest write. */
  isInPlace(): boolean;
  /** Whether the file was removed after it had been opened, as of the last check; does no I/O. */
  isLost(): boolean;
  /** Calls back when another connection commits, or when the file is removed or replaced. Rejects when the database cannot be opened. */
  watch(
    onChange: () => void,
    options: { /** Interval of polls, for changes without a file event, milliseconds. */ readonly pollMs: number },
    signal: AbortSignal,
  ): Promise<DatabaseWatch>;
  /** Closes the connection. Calls fail afterwards. */
  close(): Promise<void>;
}

/**
 * Creates the storage of a database file, or of a database in memory, with `node:sqlite`. The driver blocks the process while it waits
 * for a lock, so its own limit is a few milliseconds, and the storage waits asynchronously between attempts. Creates the directory of the
 * file at once and throws `unavailable` when that fails; opens the file lazily.
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

  /** A removed file is never created again: another file may be about to be moved to its path. */
  function fileState(): FileState {
    const state = connection.live()?.fileState() ?? (wasOpen && file !== null && isMissing(file) ? "missing" : "same");
    isLost = state === "missing";
    return state;
  }

  /** A connection to the file that has the path now. */
  async function openCurrentFile(signal: AbortSignal): Promise<OpenedFile> {
    const opened = connection.live();
    const state = fileState();
    if (isLost) throw lostFile();
    if (state === "replaced" && opened !== undefined) connection.drop(opened);
    const current = await connection.get(signal);
    wasOpen = true;
    return current;
  }

  async function use<T>(work: (database: SqliteDatabase) => T, signal: AbortSignal): Promise<T> {
    for (;;) {
      let opened: OpenedFile | undefined;
      try {
        opened = await openCurrentFile(signal);
        return work(opened.database);
      } catch (thrown) {
        if (opened !== undefined && isDamaged(thrown)) connection.drop(opened);
        if (!isSqliteError(thrown)) throw thrown;
        if (!isBusy(thrown)) throw sqliteError(thrown);
        if (signal.aborted) throw sqliteError(thrown);
      }
      await pause(clock, busyPauseMs(random()), signal);
      if (signal.aborted) throw sqliteError(new Error("the database stayed locked"));
    }
  }

  return {
    kind: "sqlite",
    location: file ?? "sqlite :memory:",
    use,
    isInPlace: () => fileState() === "same",
    isLost: () => isLost,
    watch: (onChange, { pollMs }, signal) =>
      watchDatabase({
        file,
        clock,
        pollMs,
        onChange,
        fileState,
        firstVersion: () => use(dataVersion, signal),
        currentVersion() {
          const opened = connection.live();
          return opened === undefined ? undefined : dataVersion(opened.database);
        },
      }),
    close: () => connection.close(),
  };
}

/** Changes only when another connection commits (sqlite.org/pragma.html). */
function dataVersion(database: SqliteDatabase): unknown {
  return database.prepare("PRAGMA data_version").get()?.data_version;
}

/** A file that other processes cannot open is neither read nor written. */
function lostFile(): StorageError {
  const message =
    "SQLite: the file was removed or renamed while it was in use, so nothing is written: restore it, or restart the process to create a new one";
  return new StorageError({ message, applied: "no" });
}
