import { inTransaction, type SqliteDatabase } from "@babylon/storage";
import { SUM_DIMENSIONS } from "../sums/add-call.ts";
import { type NamedSums, packSums, unpackSumsInto } from "../sums/pack-sums.ts";
import { QUARTERS_OF, type SumsLevel, sumsKey } from "../sums/sums-key.ts";
import { packHour } from "./pack-hour.ts";

const HOURS_PER_BLOCK = QUARTERS_OF.block / QUARTERS_OF.hour;

/**
 * Merges the quarters of one finished hour into sums by hour, and finished blocks of six hours, for queries of long times, and packs its calls.
 * Returns `false` if there is none.
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
    for (const dimension of SUM_DIMENSIONS) rollUp(database, dimension, "quarter", "hour", hour);
    packHour(database, hour);
    database.prepare("DELETE FROM records_stale_hours WHERE hour = ?").run(hour);
    const block = Math.floor(hour / HOURS_PER_BLOCK);
    if (!isFinished(database, block, before)) return;
    for (const dimension of SUM_DIMENSIONS) rollUp(database, dimension, "hour", "block", block);
  });
  return true;
}

/** Whether all hours of a block are over and rolled up. */
function isFinished(database: SqliteDatabase, block: number, before: number): boolean {
  const first = block * HOURS_PER_BLOCK;
  const end = first + HOURS_PER_BLOCK;
  if (end > before) return false;
  const stale = "SELECT hour FROM records_stale_hours WHERE hour >= ? AND hour < ? LIMIT 1";
  return database.prepare(stale).get(first, end) === undefined;
}

/** Merges the sums of one level into those of a period of the next. */
function rollUp(
  database: SqliteDatabase,
  dimension: (typeof SUM_DIMENSIONS)[number],
  from: SumsLevel,
  to: SumsLevel,
  period: number,
): void {
  const count = QUARTERS_OF[to] / QUARTERS_OF[from];
  const first = sumsKey(dimension, from, period * count);
  const named: NamedSums = new Map();
  const parts = database.prepare("SELECT sums FROM records_sums WHERE key >= ? AND key < ?").all(first, first + count);
  for (const { sums } of parts) if (sums instanceof Uint8Array) unpackSumsInto(sums, named);
  database
    .prepare("INSERT OR REPLACE INTO records_sums VALUES (?, ?)")
    .run(sumsKey(dimension, to, period), packSums(named));
}
