import type { Clock } from "@babylon/llm-core";
import { type ImportDriver, openPostgres, type PostgresUrl } from "@babylon/storage";
import type { RecordEngine, Retention } from "../contract/record-engine.ts";
import { QUARTER_MS, QUARTERS_PER_HOUR } from "../usage/quarter.ts";
import { createPostgresSession, STATEMENT_LIMIT_MS } from "./postgres-session.ts";
import { checkPostgresVersion, preparePostgresTables } from "./postgres-tables.ts";
import { readPostgresCall, readPostgresCalls, readPostgresRecords } from "./read-postgres-calls.ts";
import { readPostgresUsage } from "./read-postgres-usage.ts";
import { erasePostgresCalls, prunePartitions } from "./remove-postgres-rows.ts";
import { rollUpPostgresHour } from "./roll-up-postgres-hour.ts";
import { writePostgresBatch } from "./write-postgres-batch.ts";

/** Options of {@link openPostgresEngine}. */
export interface PostgresEngineOptions {
  readonly url: PostgresUrl;
  readonly clock: Clock;
  readonly retention: Retention;
  readonly importPackage: ImportDriver;
  /** Tables are not created. */
  readonly readOnly: boolean;
}

const HOUR_MS = QUARTER_MS * QUARTERS_PER_HOUR;

/** By the clock of the server, which all processes share. */
const TAKE_TURN = `INSERT INTO babylon_records_meta VALUES ('pruned_at', extract(epoch FROM clock_timestamp()) * 1000)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value
  WHERE babylon_records_meta.value <= excluded.value - $1 OR babylon_records_meta.value > excluded.value
  RETURNING 1`;

/**
 * Opens records in a Postgres database. Calls and contents are in partitions by day, which are dropped as a whole; sums are stored in the
 * transaction of their rows. Does not connect yet: a server that is away is no error. Throws `unavailable` if `pg` is not installed.
 */
export async function openPostgresEngine(options: PostgresEngineOptions): Promise<RecordEngine> {
  const { url, clock, retention, importPackage, readOnly } = options;
  const storage = await openPostgres(url, {
    limitMs: STATEMENT_LIMIT_MS,
    importPackage,
    prepare: readOnly ? checkPostgresVersion : preparePostgresTables,
  });
  const session = createPostgresSession(storage);
  return {
    location: storage.location,
    async write(batch) {
      const busy = await writePostgresBatch(session, batch);
      await rollUpPostgresHour(session, Math.floor(clock.now() / HOUR_MS), busy).catch(() => {
        // The batch is stored. The next write rolls up again.
      });
    },
    usage: (plan, run) => readPostgresUsage(session, plan, run),
    calls: (plan) => readPostgresCalls(session.query, plan),
    read: (plan) => readPostgresRecords(session.query, plan),
    call: (callId, startedAt) => readPostgresCall(session.query, callId, startedAt),
    erase: (request) => erasePostgresCalls(session, request),
    prune: () => prunePartitions(session, retention, clock.now()),
    takeTurn: async (forMs) => (await session.query(TAKE_TURN, [forMs])).length > 0,
    close: () => storage.close(),
  };
}
