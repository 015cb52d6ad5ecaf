import type { Clock } from "@babylon/llm-core";
import type { SqliteDatabase, SqliteStorage } from "@babylon/storage";
import { startBackgroundTimer } from "@babylon/storage/time";

/** How long work waits for the lock of another process, milliseconds. */
const PATIENCE_MS = 10_000;

/** A database whose work waits for the lock of another process, up to a limit. */
export interface PatientDatabase {
  /** As `use` of the storage. */
  use<T>(work: (database: SqliteDatabase) => T): Promise<T>;
}

/**
 * Gives each piece of work the limit. Its timer ends with the work: those of `AbortSignal.timeout()` run to their end, and the thousands of a scan
 * keep 80 MB alive.
 */
export function withPatience(storage: SqliteStorage, clock: Clock): PatientDatabase {
  return {
    async use(work) {
      const controller = new AbortController();
      const cancel = startBackgroundTimer(clock, PATIENCE_MS, () => controller.abort());
      try {
        return await storage.use(work, controller.signal);
      } finally {
        cancel();
      }
    },
  };
}
