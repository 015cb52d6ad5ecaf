import type { Clock } from "@babylon/llm-core";
import { openSqlite } from "@babylon/storage";
import type { RecordEngine, Retention } from "../contract/record-engine.ts";
import { QUARTER_MS, QUARTERS_PER_HOUR } from "../usage/quarter.ts";
import { patience } from "./patience.ts";
import { readCall, readCalls } from "./read-calls.ts";
import { readUsage } from "./read-usage.ts";
import { eraseCalls, pruneRows } from "./remove-rows.ts";
import { rollUpOne } from "./roll-up.ts";
import { prepareTables } from "./schema.ts";
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

const HOUR_MS = QUARTER_MS * QUARTERS_PER_HOUR;

/** Opens records in an SQLite file. Its calls block the thread, so it runs in a worker. Throws a `StorageError` if it cannot be opened. */
export async function openSqliteEngine(options: SqliteEngineOptions): Promise<RecordEngine> {
  const { file, readOnly, at, clock, random, retention } = options;
  const storage = openSqlite({ file, readOnly, at, clock, random, prepare: prepareTables });
  await storage.use(() => {}, patience());
  return {
    location: storage.location,
    async write(batch) {
      const busy = await storage.use((database) => writeBatch(database, batch), patience());
      const currentHour = Math.floor(clock.now() / HOUR_MS);
      await storage
        .use((database) => rollUpOne(database, currentHour, busy), patience())
        .catch(() => {
          // The batch is stored. The next write rolls up again.
        });
    },
    usage: (plan, run) => readUsage(storage, plan, run),
    calls: (plan) => storage.use((database) => readCalls(database, plan), patience()),
    call: (callId) => storage.use((database) => readCall(database, callId), patience()),
    erase: (request) => eraseCalls(storage, request),
    prune: () => pruneRows(storage, retention, clock.now()),
    takeTurn(forMs) {
      const now = clock.now();
      const sql = `INSERT INTO records_meta VALUES ('pruned_at', ?)
        ON CONFLICT(name) DO UPDATE SET value = excluded.value WHERE value <= ? OR value > excluded.value`;
      return storage.use((database) => database.prepare(sql).run(now, now - forMs) > 0, patience());
    },
    close: () => storage.close(),
  };
}
