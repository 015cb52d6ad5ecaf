import type { QueryPostgres } from "@babylon/storage";
import type { EraseRequest, Retention } from "../contract/record-engine.ts";
import { SUM_DIMENSIONS } from "../sums/add-call.ts";
import { renameSums } from "../sums/rename-sums.ts";
import { QUARTERS_OF, SUMS_LEVELS, type SumsLevel, sumsKey } from "../sums/sums-key.ts";
import { nextTurn } from "../usage/next-turn.ts";
import { QUARTER_MS } from "../usage/quarter.ts";
import { markHoursStale } from "./mark-hours-stale.ts";
import type { PostgresSession } from "./postgres-session.ts";
import {
  dropPartition,
  PARTITIONED_TABLES,
  type PartitionedTable,
  partitionDays,
  partitionOf,
  pgColumn,
  startOfPartition,
} from "./postgres-tables.ts";
import { toPostgresText } from "./to-postgres-text.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Sums that are changed in one transaction: a few milliseconds, in which no process can write. */
const SUMS_PER_STEP = 100;
/** How often a partition is tried that queries are reading. */
const MAX_TRIES = 5;

/** Removes what is older than its retention: partitions whose whole day is. */
export async function prunePartitions(
  session: PostgresSession,
  { keepDays, keepContentDays, keepSumsDays }: Retention,
  nowEpochMs: number,
): Promise<void> {
  for (const table of PARTITIONED_TABLES) {
    const days = table === "babylon_records_content" ? Math.min(keepContentDays, keepDays) : keepDays;
    const oldest = nowEpochMs - days * DAY_MS;
    for (const day of await partitionDays(session.query, table)) {
      if (startOfPartition(day + 1) > oldest) continue;
      await retry(() => session.change((query) => dropDay(query, table, day)));
    }
  }
  const end = Math.floor((nowEpochMs - keepSumsDays * DAY_MS) / QUARTER_MS);
  for (const dimension of SUM_DIMENSIONS) {
    for (const level of SUMS_LEVELS) {
      await session.change((query) =>
        query("DELETE FROM babylon_records_sums WHERE key >= $1 AND key < $2", [
          sumsKey(dimension, level, 0),
          sumsKey(dimension, level, Math.max(0, Math.floor(end / QUARTERS_OF[level]))),
        ]),
      );
    }
  }
}

async function dropDay(query: QueryPostgres, table: PartitionedTable, day: number): Promise<void> {
  await dropPartition(query, table, day);
  if (table !== "babylon_records_calls") return;
  await query("DELETE FROM babylon_records_packed_calls WHERE quarter >= $1 AND quarter < $2", [
    startOfPartition(day) / QUARTER_MS,
    startOfPartition(day + 1) / QUARTER_MS,
  ]);
}

async function retry(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (thrown) {
      if (tries === MAX_TRIES) throw thrown;
    }
  }
}

/** Removes the calls of a tenant, or one call, with their content. Sums stay, those of a tenant under another name. */
export async function erasePostgresCalls(session: PostgresSession, request: EraseRequest): Promise<number> {
  if ("callId" in request) return eraseCall(session, request.callId);
  const tenant = toPostgresText(request.tenant);
  let removed = 0;
  for (const day of await partitionDays(session.query, "babylon_records_calls")) {
    removed += await session.change((query) => eraseOfDay(query, tenant, day));
  }
  for (const level of SUMS_LEVELS) await renameTenant(session, level, tenant);
  return removed;
}

function eraseCall(session: PostgresSession, callId: string): Promise<number> {
  return session.change(async (query) => {
    await query("DELETE FROM babylon_records_content WHERE call_id = $1", [callId]);
    const removed = await query("DELETE FROM babylon_records_calls WHERE call_id = $1 RETURNING started_at", [callId]);
    await markHoursStale(
      query,
      new Set(removed.map((row) => Math.floor(Number(pgColumn(row, "started_at")) / HOUR_MS))),
    );
    return removed.length;
  });
}

async function eraseOfDay(query: QueryPostgres, tenant: string, day: number): Promise<number> {
  // Pruning may have dropped it meanwhile.
  const partition = partitionOf("babylon_records_calls", day);
  const [found] = await query("SELECT to_regclass($1) AS name", [partition]);
  if (pgColumn(found, "name") === null) return 0;
  const span = [startOfPartition(day), startOfPartition(day + 1)];
  await query(
    `DELETE FROM babylon_records_content AS content USING ${partition} AS calls
     WHERE content.call_id = calls.call_id AND content.started_at = calls.started_at AND calls.tenant = $1
       AND content.started_at >= $2 AND content.started_at < $3`,
    [tenant, ...span],
  );
  const hours = await query(
    `WITH removed AS (DELETE FROM ${partition} WHERE tenant = $1 RETURNING started_at)
     SELECT floor(started_at / ${HOUR_MS}) AS hour, count(*) AS removed FROM removed GROUP BY 1`,
    [tenant],
  );
  await markHoursStale(query, new Set(hours.map((row) => Number(pgColumn(row, "hour")))));
  return hours.reduce<number>((sum, row) => sum + Number(pgColumn(row, "removed")), 0);
}

async function renameTenant(session: PostgresSession, level: SumsLevel, tenant: string): Promise<void> {
  const end = sumsKey("tenant", level, 2 ** 35);
  for (let from: number | null = sumsKey("tenant", level, 0); from !== null; ) {
    const first: number = from;
    from = await session.change((query) => renameStep(query, first, end, tenant));
    await nextTurn();
  }
}

/** Returns the key of the next step; `null`: this is the last one. */
async function renameStep(query: QueryPostgres, from: number, end: number, tenant: string): Promise<number | null> {
  const rows = await query(
    "SELECT key, sums FROM babylon_records_sums WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3",
    [from, end, SUMS_PER_STEP],
  );
  for (const row of rows) {
    const sums = pgColumn(row, "sums");
    const renamed = sums instanceof Uint8Array ? renameSums(sums, tenant) : null;
    if (renamed === null) continue;
    await query("UPDATE babylon_records_sums SET sums = $2 WHERE key = $1", [
      pgColumn(row, "key"),
      Buffer.from(renamed),
    ]);
  }
  return rows.length < SUMS_PER_STEP ? null : Number(pgColumn(rows.at(-1), "key")) + 1;
}
