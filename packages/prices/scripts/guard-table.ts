import type { PriceRow } from "../src/table/price-row.ts";

const MAX_SHRINK = 0.05;
const MAX_FACTOR = 10;

const RATES = ["input", "output", "cacheRead", "cacheWrite", "longCacheWrite"] as const;

/** The prices that have no end, by provider, model and threshold. */
function latest(rows: readonly PriceRow[]): Map<string, PriceRow> {
  return new Map(
    rows.filter(({ until }) => until === null).map((row) => [`${row.provider} ${row.model} above ${row.above}`, row]),
  );
}

/** What is suspicious about a new table: it lost more than 5 % of its rows, or a price moved more than tenfold. */
export function guardTable(old: readonly PriceRow[], next: readonly PriceRow[]): readonly string[] {
  const problems: string[] = [];
  if (next.length < old.length * (1 - MAX_SHRINK)) {
    problems.push(`the table shrinks from ${old.length} to ${next.length} rows, by more than 5 %`);
  }
  const before = latest(old);
  for (const [key, { pico }] of latest(next)) {
    const earlier = before.get(key);
    if (earlier === undefined) continue;
    for (const rate of RATES) {
      const from = earlier.pico[rate];
      const to = pico[rate];
      if (from === null || to === null || from === to) continue;
      if (from === 0 || to === 0 || to > from * MAX_FACTOR || from > to * MAX_FACTOR) {
        problems.push(`${key}: ${rate} moves from ${from / 1e6} to ${to / 1e6} USD per million, more than tenfold`);
      }
    }
  }
  return problems;
}
