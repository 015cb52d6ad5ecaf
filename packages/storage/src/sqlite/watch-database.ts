import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Clock } from "@babylon/llm-core";
import { startBackgroundTimer } from "../time/background-timer.ts";
import type { FileState } from "./file-state.ts";

/** Options of {@link watchDatabase}. */
export interface WatchOptions {
  /** The database file; `null` for a database in memory, which no other process can change. */
  readonly file: string | null;
  readonly clock: Clock;
  /** Interval of polls, for changes without a file event, milliseconds. */
  readonly pollMs: number;
  onChange(): void;
  /** `PRAGMA data_version`. Opens the database if needed, and waits for locks. */
  firstVersion(): Promise<unknown>;
  /** The same without opening or waiting; `undefined` when the database is not open. Throws when it is locked. */
  currentVersion(): unknown;
  /** State of the open file. After `replaced`, the next call of the storage opens the file that has the path by then. */
  fileState(): FileState;
}

/** A watch of a database. */
export interface DatabaseWatch {
  /** Stops watching; no callback runs after this. */
  close(): void;
}

/**
 * Delays of the checks after an event of the directory, milliseconds. The event fires while the writer is still writing, so the first
 * check may be too early.
 */
const CHECK_DELAYS_MS = [0, 2, 5, 10, 20, 40];

/** Watches the directory of an SQLite file, compares `data_version` on each event, and polls in case no event fires. */
export async function watchDatabase(options: WatchOptions): Promise<DatabaseWatch> {
  const { clock, file, pollMs, onChange } = options;
  let lastVersion = await options.firstVersion();
  let lastState = options.fileState();
  let closed = false;
  let cancelPoll = () => {};
  const cancelChecks = new Set<() => void>();

  function checkVersion(): void {
    try {
      const version = options.currentVersion();
      if (closed || version === undefined || version === lastVersion) return;
      lastVersion = version;
    } catch {
      // The next read of the database reports the error.
      return;
    }
    onChange();
  }

  function checkFile(): void {
    const state = options.fileState();
    if (closed || state === lastState) return;
    lastState = state;
    // `data_version` values of different connections are not comparable.
    lastVersion = undefined;
    onChange();
  }

  function scheduleChecks(): void {
    if (cancelChecks.size > 0) return;
    for (const delayMs of CHECK_DELAYS_MS) {
      const cancel = startBackgroundTimer(clock, delayMs, () => {
        cancelChecks.delete(cancel);
        checkVersion();
      });
      cancelChecks.add(cancel);
    }
  }

  function poll(): void {
    cancelPoll = startBackgroundTimer(clock, pollMs, () => {
      checkFile();
      checkVersion();
      if (!closed) poll();
    });
  }

  const watcher = file === null ? null : watchDirectory(file, scheduleChecks, checkFile);
  if (file !== null) poll();
  return {
    close() {
      closed = true;
      watcher?.close();
      cancelPoll();
      for (const cancel of cancelChecks) cancel();
    },
  };
}

/** `null` where the platform or the file system does not support watching; then changes are found by polling only. */
function watchDirectory(file: string, onEvent: () => void, onRename: () => void): FSWatcher | null {
  const name = basename(file);
  try {
    const watcher = watch(dirname(file), { persistent: false }, (event, changedName) => {
      if (changedName !== null && !changedName.startsWith(name)) return;
      onEvent();
      if (event === "rename") onRename();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
