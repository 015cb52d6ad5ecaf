import type { Clock } from "@babylon/llm-core";
import { inTransaction, isBusy, type SqliteDatabase, type SqliteStorage, StorageError } from "@babylon/storage";

/** Runs transactions of concurrent calls in turns. */
export interface SqliteTurns {
  /** Runs work in a transaction, and repeats it while another connection holds the lock, until the signal aborts. */
  run<T>(work: (database: SqliteDatabase) => T, signal: AbortSignal): Promise<T>;
}

/** Options of {@link createTurns}. */
export interface TurnsOptions {
  readonly storage: Pick<SqliteStorage, "use" | "location">;
  readonly clock: Pick<Clock, "monotonic">;
  /** How long the file may stay locked while nobody commits, milliseconds; then the calls that wait fail. */
  readonly silenceMs: number;
  /** Changes something, so that other processes see a turn that only looked. */
  leaveMark(database: SqliteDatabase): void;
  /** While a turn waits for the lock, another connection has committed: the file is busy, not away. */
  onProgress(): void;
}

interface Waiting {
  work(database: SqliteDatabase): void;
  resolve(): void;
  reject(thrown: unknown): void;
}

/** Bounds the time in which a turn keeps the lock from other processes. */
const MAX_PER_TURN = 16;

/** About the time between two questions for the lock. */
const MAX_LOOK_MS = 15;

/**
 * Creates turns. All calls that wait are one transaction: a lock that another process holds is asked for once per turn, because each
 * question may block the event loop for the driver's few milliseconds.
 */
export function createTurns(options: TurnsOptions): SqliteTurns {
  const { storage, clock, silenceMs, leaveMark, onProgress } = options;

  let queue: Waiting[] = [];
  let turn: AbortController | null = null;
  /** Calls that run in transactions of their own, because a common one failed. */
  let alone = 0;

  const locked = (timedOut: boolean): StorageError =>
    new StorageError({ message: `${storage.location}: the file stayed locked`, applied: "no", timedOut });

  /**
   * Checks whether others commit while a turn waits: what happened before it says nothing about the lock. Throws after a silence, to
   * which a time in which this process did not run adds little. The access has a limit of its own, which reads extend: they are answered
   * while the file is locked for writes.
   */
  function createLockWatch(): (database: SqliteDatabase) => void {
    let version: unknown;
    let lookedAtMonoMs = clock.monotonic();
    let silentMs = 0;
    return (database) => {
      const now = clock.monotonic();
      const current = versionOf(database);
      silentMs += Math.min(MAX_LOOK_MS, now - lookedAtMonoMs);
      if (version !== undefined && current !== version) {
        silentMs = 0;
        onProgress();
      }
      version = current;
      lookedAtMonoMs = now;
      if (silentMs >= silenceMs) throw locked(true);
    };
  }

  function remove(taken: readonly Waiting[]): void {
    const removed = new Set(taken);
    queue = queue.filter((one) => !removed.has(one));
  }

  async function runTurn(signal: AbortSignal): Promise<void> {
    let taken: readonly Waiting[] = [];
    const watchLock = createLockWatch();
    try {
      await storage.use((database) => {
        try {
          return inTransaction(database, () => {
            taken = queue.slice(0, alone > 0 ? 1 : MAX_PER_TURN);
            const before = changesOf(database);
            for (const { work } of taken) work(database);
            if (changesOf(database) === before) leaveMark(database);
          });
        } catch (thrown) {
          if (isBusy(thrown)) watchLock(database);
          throw thrown;
        }
      }, signal);
    } catch (thrown) {
      // Given up: those that wait now have come later.
      if (signal.aborted) return;
      if (taken.length > 1) {
        // One of them may be the cause, so each is tried without the others.
        alone = taken.length;
        return;
      }
      alone = Math.max(0, alone - 1);
      // Without any taken one the file could not be opened.
      const failed = taken.length === 1 ? taken : queue;
      remove(failed);
      for (const { reject } of failed) reject(thrown);
      return;
    }
    alone = Math.max(0, alone - 1);
    remove(taken);
    for (const { resolve } of taken) resolve();
  }

  async function runTurns(): Promise<void> {
    while (queue.length > 0) {
      turn = new AbortController();
      await runTurn(turn.signal);
    }
    turn = null;
  }

  function giveUp(waiting: Waiting): void {
    if (!queue.includes(waiting)) return;
    remove([waiting]);
    waiting.reject(locked(false));
    if (queue.length === 0) turn?.abort();
  }

  return {
    run(work, signal) {
      return new Promise((resolve, reject) => {
        let settle = (): void => {};
        const onAbort = (): void => giveUp(waiting);
        const end = (): void => signal.removeEventListener("abort", onAbort);
        const waiting: Waiting = {
          work(database) {
            const value = work(database);
            settle = () => resolve(value);
          },
          resolve() {
            end();
            settle();
          },
          reject(thrown) {
            end();
            reject(thrown);
          },
        };
        signal.addEventListener("abort", onAbort, { once: true });
        queue.push(waiting);
        if (signal.aborted) onAbort();
        else if (turn === null) void runTurns();
      });
    },
  };
}

const changesOf = (database: SqliteDatabase): unknown => database.prepare("SELECT total_changes() AS n").get()?.n;

/** Changes only when another connection commits (sqlite.org/pragma.html); `null`: not even reads are possible. */
function versionOf(database: SqliteDatabase): unknown {
  try {
    return database.prepare("PRAGMA data_version").get()?.data_version;
  } catch {
    return null;
  }
}
