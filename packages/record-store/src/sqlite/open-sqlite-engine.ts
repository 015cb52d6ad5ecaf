import type { Clock } from "@babylon/llm-core";
import { openSqlite, type SqliteDatabase } from "@babylon/storage";
import type { RecordEngine, Retention } from "../contract/record-engine.ts";
import type { CallsPlan } from "../usage/plan-calls.ts";
import { QUARTER_MS, QUARTERS_PER_HOUR } from "../usage/quarter.ts";
import { createPageWriter } from "./packed-page.ts";
import { withPatience } from "./patience.ts";
import { readCall, readCalls, readPackedPage } from "./read-calls.ts";
import { readStoredUsage } from "./read-stored-usage.ts";
import { eraseCalls, pruneRows } from "./remove-rows.ts";
import { rollUpOne } from "./roll-up.ts";
import { prepareTables } from "./schema.ts";
import { createSumsCache, type SumsCache } from "./sums-cache.ts";
import type { PackedPage } from "./worker-messages.ts";
import { writeBatch } from "./write-batch.ts";

/** Options of {@link openSqliteEngine}. */
export interface SqliteEngineOptions {
  /** `null`: in memory. */
  readonly file: string | null;
  readonly readOnly: boolean;
  /** The option or variable that named the file, for errors. */
  readonly at: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly retention: Retention;
}

/** The engine in its own thread, whose whole calls are packed for another one. */
export interface SqliteEngine extends Omit<RecordEngine, "read"> {
  /** At most `plan.limit` calls with their content; fewer if that is long. */
  read(plan: CallsPlan): Promise<PackedPage>;
}

const HOUR_MS = QUARTER_MS * QUARTERS_PER_HOUR;

/** Opens records in an SQLite file. Its calls block the thread, so it runs in a worker. Throws a `StorageError` if it cannot be opened. */
export async function openSqliteEngine(options: SqliteEngineOptions): Promise<SqliteEngine> {
  const { file, readOnly, at, clock, random, retention } = options;
  const opened = openSqlite({ file, readOnly, at, clock, random, prepare: prepareTables });
  const storage = withPatience(opened, clock);
  await storage.use(() => {});
  const pages = createPageWriter();
  const caches = new WeakMap<SqliteDatabase, SumsCache>();

  /** Of the connection: a file that is replaced gets another one. */
  function cacheOf(database: SqliteDatabase): SumsCache {
    const cache = caches.get(database) ?? createSumsCache(database);
    caches.set(database, cache);
    return cache;
  }

  /** Sums are being renamed or removed, so that cached ones may not be stored again. */
  let changing = 0;

  async function whileChanging<T>(work: Promise<T>): Promise<T> {
    changing += 1;
    try {
      return await work;
    } finally {
      changing -= 1;
      await storage.use((database) => cacheOf(database).clear());
    }
  }

  return {
    location: opened.location,
    async write(batch) {
      const busy = await storage.use((database) => {
        const cache = cacheOf(database);
        if (changing > 0) cache.clear();
        return writeBatch(database, cache, batch);
      });
      const currentHour = Math.floor(clock.now() / HOUR_MS);
      await storage
        .use((database) => rollUpOne(database, currentHour, busy))
        .catch(() => {
          // The batch is stored. The next write rolls up again.
        });
    },
    usage: (plan, run) => readStoredUsage(storage, plan, run),
    calls: (plan) => storage.use((database) => readCalls(database, plan)),
    read: (plan) => storage.use((database) => readPackedPage(database, plan, pages)),
    call: (callId, startedAt) => storage.use((database) => readCall(database, callId, startedAt)),
    erase: (request) => whileChanging(eraseCalls(storage, request)),
    prune: () => whileChanging(pruneRows(storage, retention, clock.now())),
    takeTurn(forMs) {
      const now = clock.now();
      const sql = `INSERT INTO records_meta VALUES ('pruned_at', ?)
        ON CONFLICT(name) DO UPDATE SET value = excluded.value WHERE value <= ? OR value > excluded.value`;
      return storage.use((database) => database.prepare(sql).run(now, now - forMs) > 0);
    },
    close: () => opened.close(),
  };
}
