import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Clock } from "@babylon/llm-core";
import type { Bus, BusConnection, BusListener } from "../backend/backend.ts";
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
  /** Tells files apart that had the same name one after the other. */
  inode(): Promise<number | null>;
  /** Lets go of the open file, so that the next call opens what has its name now. */
  reopen(): void;
}

/**
 * When to look again after the directory said that something happened. The event comes while the writer is still writing, so the
 * first look may be too early.
 */
const LOOK_AFTER_MS = [0, 2, 5, 10, 20, 40];

/** How many polls pass between two looks at whether the file was replaced by another of its name. */
const POLLS_PER_FILE_CHECK = 20;

/** Watches the directory of an SQLite file, believes only `data_version`, and looks regularly in case no event comes. */
export function watchDatabase(database: DatabaseWatch): Bus {
  return {
    scope: "all",
    checkEveryMs: null,
    async connect(listener, signal): Promise<BusConnection> {
      const watching = await startWatching(database, listener, signal);
      const local = await database.sameConnection?.connect(listener, signal);
      return {
        async check() {},
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
  let inode = await database.inode();
  let closed = false;
  let polls = 0;
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

  async function checkFile(): Promise<void> {
    const now = await database.inode().catch(() => inode);
    if (closed || now === inode) return;
    inode = now;
    database.reopen();
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
      polls += 1;
      const looks = [look()];
      if (polls % POLLS_PER_FILE_CHECK === 0) looks.push(checkFile());
      void Promise.all(looks).finally(() => {
        if (!closed) poll();
      });
    });
  }

  const watcher = file === null ? null : watchDirectory(file, lookSoon, () => void checkFile());
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
      if (event === "rename" && (changed === null || changed === name)) onRename();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
