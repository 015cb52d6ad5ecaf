import type { QueryPostgres } from "@babylon/storage";
import { SUM_DIMENSIONS } from "../sums/add-call.ts";
import type { NamedSums } from "../sums/pack-sums.ts";
import { sumsOf } from "../sums/pack-sums.ts";
import { mergeSums } from "../sums/sums.ts";
import { QUARTERS_OF, type SumsLevel, sumsKey } from "../sums/sums-key.ts";
import { nextTurn } from "../usage/next-turn.ts";
import { packPostgresHour } from "./pack-postgres-hour.ts";
import type { PostgresSession } from "./postgres-session.ts";
import { pgColumn } from "./postgres-tables.ts";
import { readSums, storeSums } from "./write-postgres-batch.ts";

const HOURS_PER_BLOCK = QUARTERS_OF.block / QUARTERS_OF.hour;
const STALE =
  "SELECT hour FROM babylon_records_stale_hours WHERE hour < $1 AND hour <> ALL($2::bigint[]) ORDER BY hour LIMIT 1";

/**
 * Merges the quarters of one finished hour into sums by hour, and finished blocks of six hours, for queries of long times, and packs its calls.
 *
 * @param before - hours from this one on are not finished
 * @param busy - hours that calls are being added to
 */
export async function rollUpPostgresHour(
  session: PostgresSession,
  before: number,
  busy: ReadonlySet<number>,
): Promise<void> {
  const parameters = [before, [...busy]];
  if ((await session.query(STALE, parameters)).length === 0) return;
  await session.change(async (query) => {
    // Another process may have rolled it up meanwhile.
    const [row] = await query(STALE, parameters);
    if (row === undefined) return;
    const hour = Number(pgColumn(row, "hour"));
    for (const dimension of SUM_DIMENSIONS) await rollUp(query, dimension, "quarter", "hour", hour);
    await packPostgresHour(query, hour);
    await query("DELETE FROM babylon_records_stale_hours WHERE hour = $1", [hour]);
    const block = Math.floor(hour / HOURS_PER_BLOCK);
    if (!(await isFinished(query, block, before))) return;
    for (const dimension of SUM_DIMENSIONS) await rollUp(query, dimension, "hour", "block", block);
  });
}

/** Whether all hours of a block are over and rolled up. */
async function isFinished(query: QueryPostgres, block: number, before: number): Promise<boolean> {
  const first = block * HOURS_PER_BLOCK;
  const end = first + HOURS_PER_BLOCK;
  if (end > before) return false;
  const stale = "SELECT hour FROM babylon_records_stale_hours WHERE hour >= $1 AND hour < $2 LIMIT 1";
  return (await query(stale, [first, end])).length === 0;
}

/** Merges the sums of one level into those of a period of the next. */
async function rollUp(
  query: QueryPostgres,
  dimension: (typeof SUM_DIMENSIONS)[number],
  from: SumsLevel,
  to: SumsLevel,
  period: number,
): Promise<void> {
  const count = QUARTERS_OF[to] / QUARTERS_OF[from];
  const first = sumsKey(dimension, from, period * count);
  const merged: NamedSums = new Map();
  for (const named of (
    await readSums(
      query,
      Array.from({ length: count }, (_, at) => first + at),
    )
  ).values()) {
    for (const [name, sums] of named) mergeSums(sumsOf(merged, name), sums);
  }
  await storeSums(query, new Map([[sumsKey(dimension, to, period), merged]]));
  await nextTurn();
}
