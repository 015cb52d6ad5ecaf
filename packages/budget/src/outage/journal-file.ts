import { randomUUID } from "node:crypto";
import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Logger } from "@babylon/llm-core";
import type { ScopeSettlement } from "@babylon/shared-state";
import { inTransaction, openSqlite, type SqliteDatabase, type SqliteStorage } from "@babylon/storage";

/** One entry of a journal. `held`: of an attempt under way; if its process ends, all of it is presumed. */
export interface JournalEntry {
  readonly id: string;
  readonly kind: "settled" | "held";
  readonly scopes: readonly ScopeSettlement[];
}

/** Where a journal is stored, so that it outlives its process. */
export interface JournalFile {
  /** Stores entries, and removes ids. Resolves when that is done; never rejects. */
  write(changed: readonly JournalEntry[], removed: readonly string[]): Promise<void>;
  /** Removes the file if nothing is to be kept at that moment. The next write creates another one. */
  discard(isEmpty: () => boolean): Promise<void>;
  /** Closes the file and leaves it to other processes. */
  close(): Promise<void>;
  /** Whether a file has this name, which is in use here. */
  isOwn(name: string): boolean;
}

/** Where the files of a journal are. */
export interface JournalPlace {
  readonly folder: string;
  /** The start of the names of those that belong to one shared state. */
  readonly tag: string;
}

/** What files are opened with. */
export interface JournalContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Of processes without a folder: what waits is lost with the process. */
export const NO_FILE: JournalFile = {
  write: async () => {},
  discard: async () => {},
  close: async () => {},
  isOwn: () => false,
};

/**
 * The owner has the file locked as long as it lives, also while it is stopped; the system ends the lock with the process. The lock needs
 * to be set before the mode of the file is. A commit survives the end of the process, as it is in the memory of the system. Nothing is
 * synced to the disk, which may take longer than an attempt may wait, so a power failure may lose what waits.
 */
function lock(database: SqliteDatabase): void {
  database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF;");
}

const createTable = (database: SqliteDatabase): void =>
  database.exec(
    "CREATE TABLE IF NOT EXISTS entries(id TEXT PRIMARY KEY, kind TEXT NOT NULL, scopes TEXT NOT NULL) WITHOUT ROWID",
  );

/** Removes a database and what belongs to it. */
export async function removeDatabase(file: string): Promise<void> {
  // The database last: without it the others would mean nothing.
  for (const part of [`${file}-wal`, `${file}-shm`, file]) await rm(part, { force: true });
}

/** Creates a file lazily: nothing is written before the first outage. If it cannot be written, that is logged, and entries are in memory only. */
export function createJournalFile(
  { folder, tag }: JournalPlace,
  { clock, random, logger }: JournalContext,
): JournalFile {
  let open: { readonly storage: SqliteStorage; readonly name: string } | null = null;
  let changed = new Map<string, JournalEntry | null>();
  let last: Promise<void> = Promise.resolve();
  let hasFailed = false;

  function openFile(): SqliteStorage {
    if (open !== null) return open.storage;
    const name = `${tag}-${randomUUID()}.db`;
    const at = "journal";
    const storage = openSqlite({ file: join(folder, name), at, clock, random, check: lock, prepare: createTable });
    open = { storage, name };
    return storage;
  }

  function store(database: SqliteDatabase, changes: ReadonlyMap<string, JournalEntry | null>): void {
    inTransaction(database, () => {
      for (const [id, entry] of changes) {
        if (entry === null) database.prepare("DELETE FROM entries WHERE id = ?").run(id);
        else
          database.prepare("REPLACE INTO entries VALUES (?, ?, ?)").run(id, entry.kind, JSON.stringify(entry.scopes));
      }
    });
  }

  async function write(changes: ReadonlyMap<string, JournalEntry | null>): Promise<void> {
    await openFile().use((database) => store(database, changes), AbortSignal.timeout(WRITE_MS));
  }

  async function flush(): Promise<void> {
    const changes = changed;
    changed = new Map();
    if (changes.size === 0 || hasFailed) return;
    try {
      await write(changes).catch(async () => {
        // Another process may have removed the folder, which was empty.
        await close();
        await write(changes);
      });
    } catch (thrown) {
      hasFailed = true;
      logger.error("what is spent while the store of budgets is away cannot be kept in a file, only in memory", {
        problem: String(thrown),
      });
    }
  }

  /** One after the other, in the order of the calls. */
  function queue(work: () => Promise<void>): Promise<void> {
    last = last.then(work);
    return last;
  }

  async function close(): Promise<void> {
    await open?.storage.close();
    open = null;
  }

  return {
    write(entries, removed) {
      for (const entry of entries) changed.set(entry.id, entry);
      for (const id of removed) changed.set(id, null);
      return queue(flush);
    },
    discard: (isEmpty) =>
      queue(async () => {
        if (!isEmpty()) return;
        const name = open?.name;
        await close();
        // A disk that was full may have room again.
        hasFailed = false;
        if (name === undefined) return;
        await removeDatabase(join(folder, name)).catch(() => {});
        // Fails while other processes have files in it.
        await rmdir(folder).catch(() => {});
      }),
    close: () => queue(close),
    isOwn: (name) => open?.name === name,
  };
}

/** The limit of a write, milliseconds: nobody else has the lock, so it only ends writes to a disk that hangs. */
const WRITE_MS = 1_000;
