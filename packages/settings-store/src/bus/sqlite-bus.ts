import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Clock } from "@babylon/llm-core";
import type { Bus, BusConnection, BusListener } from "../backend/backend.ts";
import type { FilePlace } from "../backend/database-file.ts";
import { startBackgroundTimer } from "../background-timer.ts";

/** How to find out that another connection committed. */
export interface DatabaseWatch {
  /** The database file; `null` for one in memory, which nobody else can change. */
  readonly file: string | null;
  /** Tells of writes over the very same connection, which `data_version` leaves out; `null` where only the store has it. */
  readonly sameConnection: Bus | null;
  readonly clock: Clock;
  /** How often to look without having been told, milliseconds. */
  readonly pollMs: number;
  /**
   * `PRAGMA data_version`: changes when another connection commits, and only then (sqlite.org/pragma.html). Opens the database where
   * it is not open, and waits for locks.
   */
  dataVersion(signal: AbortSignal): Promise<unknown>;
  /** The same without opening or waiting; `undefined` when the database is not open. */
  currentDataVersion(): Promise<unknown>;
  /** What has become of the open file; the next call opens the one that has its name by then. */
  place(): FilePlace;
}

/**
 * When to look again after the directory said that something happened. The event comes while the writer is still writing, so the
 * first look may be too early.
 */
const LOOK_AFTER_MS = [0, 2, 5, 10, 20, 40];

/** Watches the directory of an SQLite file, believes only `data_version`, and looks regularly in case no event comes. */
export function watchDatabase(database: DatabaseWatch): Bus {
  return {
    scope: "all",
    canFail: database.file !== null,
    async connect(listener, signal): Promise<BusConnection> {
      const watching = await startWatching(database, listener, signal);
      const local = await database.sameConnection?.connect(listener, signal);
      return {
        send: null,
        async close() {
          watching.close();
          await local?.close();
        },
      };
    },
  };
}

async function startWatching(database: DatabaseWatch, listener: BusListener, signal: AbortSignal) {
  const { clock, file, pollMs } = database;
  let seen = await database.dataVersion(signal);
  let place = database.place();
  let closed = false;
  let cancelPoll = () => {};
  const cancelLooks = new Set<() => void>();

  async function look(): Promise<void> {
    try {
      const now = await database.currentDataVersion();
      if (closed || now === undefined || now === seen) return;
      seen = now;
      listener.onChange();
    } catch {
      // A database that cannot be asked is the loader's finding, not the watch's.
    }
  }

  function checkFile(): void {
    const now = database.place();
    if (closed || now === place) return;
    place = now;
    // Another connection counts from another number.
    seen = undefined;
    listener.onChange();
  }

  function lookSoon(): void {
    if (cancelLooks.size > 0) return;
    for (const delayMs of LOOK_AFTER_MS) {
      const cancel = startBackgroundTimer(clock, delayMs, () => {
        cancelLooks.delete(cancel);
        void look();
      });
      cancelLooks.add(cancel);
    }
  }

  function poll(): void {
    cancelPoll = startBackgroundTimer(clock, pollMs, () => {
      checkFile();
      void look().finally(() => {
        if (!closed) poll();
      });
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
