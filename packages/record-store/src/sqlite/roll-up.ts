import type { SqliteDatabase } from "@babylon/storage";
import { SUM_DIMENSIONS } from "../sums/add-call.ts";
import { type NamedSums, packSums, unpackSumsInto } from "../sums/pack-sums.ts";
import { sumsKey } from "../sums/sums-key.ts";
import { QUARTERS_PER_HOUR } from "../usage/quarter.ts";
import { inTransaction } from "./transaction.ts";

/**
 * Merges the quarters of one finished hour into sums by hour, for queries of long times. Returns `false` if there is none.
 *
 * @param before - hours from this one on are not finished
 * @param busy - hours that calls are being added to
 */
export function rollUpOne(database: SqliteDatabase, before: number, busy: ReadonlySet<number>): boolean {
  const hour = database
    .prepare("SELECT hour FROM records_stale_hours WHERE hour < ? ORDER BY hour")
    .all(before)
    .map((row) => Number(row.hour))
    .find((stale) => !busy.has(stale));
  if (hour === undefined) return false;
  inTransaction(database, () => {
    for (const dimension of SUM_DIMENSIONS) rollUp(database, dimension, hour);
    database.prepare("DELETE FROM records_stale_hours WHERE hour = ?").run(hour);
  });
  return true;
}

function rollUp(database: SqliteDatabase, dimension: (typeof SUM_DIMENSIONS)[number], hour: number): void {
  const first = sumsKey(dimension, "quarter", hour * QUARTERS_PER_HOUR);
  const named: NamedSums = new Map();
  const quarters = database
    .prepare("SELECT sums FROM records_sums WHERE key BETWEEN ? AND ?")
    .all(first, first + QUARTERS_PER_HOUR - 1);
  for (const { sums } of quarters) if (sums instanceof Uint8Array) unpackSumsInto(sums, named);
  database
    .prepare("INSERT OR REPLACE INTO records_sums VALUES (?, ?)")
    .run(sumsKey(dimension, "hour", hour), packSums(named));
}
