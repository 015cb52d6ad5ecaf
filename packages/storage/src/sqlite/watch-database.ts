import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Clock } from "@babylon/llm-core";
import { startBackgroundTimer } from "../time/background-timer.ts";
import type { FilePlace } from "./database-file.ts";

/** How to find out that another connection committed. */
export interface WatchOptions {
  /** The database file; `null` for one in memory, which nobody else can change. */
  readonly file: string | null;
  readonly clock: Clock;
  /** How often to look without an event, milliseconds. */
  readonly pollMs: number;
  onChange(): void;
  /** `PRAGMA data_version`. Opens the database where it is not open, and waits for locks. */
  firstVersion(): Promise<unknown>;
  /** The same without opening or waiting; `undefined` when the database is not open. Throws where it is locked. */
  currentVersion(): unknown;
  /** What has become of the open file; the next call opens the one that has its name by then. */
  place(): FilePlace;
}

/** A watch that lasts until it is closed. */
export interface DatabaseWatch {
  /** Ends it; nothing is called any more. */
  close(): void;
}

/**
 * When to look again after an event of the directory. The event comes while the writer is still writing, so the first look may be too
 * early.
 */
const LOOK_AFTER_MS = [0, 2, 5, 10, 20, 40];

/** Watches the directory of an SQLite file, compares `data_version` alone, and looks regularly in case no event comes. */
export async function watchDatabase(options: WatchOptions): Promise<DatabaseWatch> {
  const { clock, file, pollMs, onChange } = options;
  let seen = await options.firstVersion();
  let place = options.place();
  let closed = false;
  let cancelPoll = () => {};
  const cancelLooks = new Set<() => void>();

  function look(): void {
    try {
      const now = options.currentVersion();
      if (closed || now === undefined || now === seen) return;
      seen = now;
    } catch {
      // A database that cannot be read is found by the next call that reads it.
      return;
    }
    onChange();
  }

  function checkFile(): void {
    const now = options.place();
    if (closed || now === place) return;
    place = now;
    // Another connection counts from another number.
    seen = undefined;
    onChange();
  }

  function lookSoon(): void {
    if (cancelLooks.size > 0) return;
    for (const delayMs of LOOK_AFTER_MS) {
      const cancel = startBackgroundTimer(clock, delayMs, () => {
        cancelLooks.delete(cancel);
        look();
      });
      cancelLooks.add(cancel);
    }
  }

  function poll(): void {
    cancelPoll = startBackgroundTimer(clock, pollMs, () => {
      checkFile();
      look();
      if (!closed) poll();
    });
  }

  const watcher = file === null ? null : watchDirectory(file, lookSoon, checkFile);
  if (file !== null) poll();
  return {
    close() {
      closed = true;
      watcher?.close();
      cancelPoll();
      for (const cancel of cancelLooks) cancel();
    },
  };
}

/** `null` where the platform or the file system has no watching; the poll does it alone then. */
function watchDirectory(file: string, onEvent: () => void, onRename: () => void): FSWatcher | null {
  const name = basename(file);
  try {
    const watcher = watch(dirname(file), { persistent: false }, (event, changed) => {
      if (changed !== null && !changed.startsWith(name)) return;
      onEvent();
      if (event === "rename") onRename();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
