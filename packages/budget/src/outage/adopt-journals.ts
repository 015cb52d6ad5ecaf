import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ScopeSettlement } from "@babylon/shared-state";
import { openSqlite, type SqliteDatabase, type SqliteStorage } from "@babylon/storage";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { Journal } from "./journal.ts";
import {
  type JournalContext,
  type JournalEntry,
  type JournalFile,
  type JournalPlace,
  removeDatabase,
} from "./journal-file.ts";

/** Options of {@link startAdopting}. */
export interface AdoptOptions extends JournalContext {
  readonly place: JournalPlace;
  readonly file: JournalFile;
  readonly journal: Pick<Journal, "adopt">;
  /** Whether entries can be sent now. */
  readonly isConnected: () => boolean;
  /** There is something to send. */
  readonly wake: () => void;
}

/** How often a process looks for journals of those that have ended; sooner where it could not send anything. */
const EVERY_MS = 15_000;
const AWAY_MS = 1_000;

/** How long a locked file is tried: its owner lives. */
const LOCKED_MS = 20;

/** Takes over the journals of processes that have ended. */
export interface Adopting {
  /** Looks for them now. */
  look(): void;
  close(): Promise<void>;
}

/** In memory only. */
export const NO_ADOPTING: Adopting = { look() {}, close: async () => {} };

/** Looks for journals of processes that have ended at the start, and then again and again. */
export function startAdopting(options: AdoptOptions): Adopting {
  const { place, file: own, journal, isConnected, wake, clock, random, logger } = options;
  let cancel = (): void => {};
  let isClosed = false;

  async function adoptFrom(name: string): Promise<void> {
    const file = join(place.folder, name);
    // Several processes may find it, and one of them may remove it now: it is not created again.
    const storage = openSqlite({ file, create: false, at: "journal", clock, random });
    try {
      const entries = await readEntries(storage);
      if (entries === null) {
        // Its owner lives, has not written anything yet, or another process was faster.
        logger.debug("a journal of budgets is in use", { file: name });
        return;
      }
      await journal.adopt(entries);
      if (entries.length > 0) {
        logger.info("takes over what a process that has ended has spent while the store of budgets was away", {
          entries: entries.length,
        });
        wake();
      }
      // Before it is removed: a process that opens it in that moment must not read a part of it. Fails if another has removed it.
      await storage
        .use((database) => database.exec("DELETE FROM entries"), AbortSignal.timeout(LOCKED_MS))
        .catch(() => {});
    } finally {
      await storage.close();
    }
    await removeDatabase(file);
  }

  async function look(): Promise<void> {
    if (!isConnected()) return;
    const names = await readdir(place.folder).catch(() => []);
    for (const name of names) {
      if (isClosed) return;
      if (!name.startsWith(`${place.tag}-`) || !name.endsWith(".db") || own.isOwn(name)) continue;
      await adoptFrom(name).catch((thrown: unknown) => {
        logger.warn("a journal of budgets could not be read", { file: name, problem: String(thrown) });
      });
    }
  }

  let looking: Promise<void> | null = null;

  function lookNow(): void {
    cancel();
    looking ??= look().finally(() => {
      looking = null;
      if (!isClosed) cancel = startBackgroundTimer(clock, isConnected() ? EVERY_MS : AWAY_MS, lookNow);
    });
  }

  lookNow();
  return {
    look: lookNow,
    async close() {
      isClosed = true;
      cancel();
      await looking;
    },
  };
}

/** The entries of a file; `null`: it is in use, or has no table yet. Holds of attempts whose process has ended are presumed. */
async function readEntries(storage: SqliteStorage): Promise<readonly JournalEntry[] | null> {
  try {
    return await storage.use(selectEntries, AbortSignal.timeout(LOCKED_MS));
  } catch {
    return null;
  }
}

function selectEntries(database: SqliteDatabase): readonly JournalEntry[] {
  return database
    .prepare("SELECT id, scopes FROM entries")
    .all()
    .map(({ id, scopes }) => ({ id: String(id), kind: "settled", scopes: parseScopes(String(scopes)) }));
}

/** Reads what `createJournalFile` wrote. */
const parseScopes = (text: string): readonly ScopeSettlement[] => JSON.parse(text);
