import type { Ratio } from "../table/price-row.ts";
import type { TokenCounts } from "./token-counts.ts";

/** Prices of the counts, all known: trillionths of a dollar. */
export interface UnitPrices {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly longCacheWrite: number;
  readonly webSearch: number;
}

const PICO_PER_NANO = 1_000;

/**
 * The price of counts in billionths of a dollar, rounded once, half up: tokens times `tier`, plus searches, all times `multiply`. `null`: more
 * than a safe integer.
 */
export function sumNano(counts: TokenCounts, prices: UnitPrices, tier: Ratio, multiply: Ratio): number | null {
  const tokens =
    counts.uncached * prices.input +
    counts.output * prices.output +
    counts.cacheRead * prices.cacheRead +
    counts.cacheWrite * prices.cacheWrite +
    counts.longCacheWrite * prices.longCacheWrite;
  const searches = counts.webSearches * prices.webSearch;
  const numerator = (tokens * tier[0] + searches * tier[1]) * multiply[0];
  const denominator = tier[1] * multiply[1] * PICO_PER_NANO;
  const doubled = 2 * numerator + denominator;
  // Nothing is negative, so if the last sum is exact, everything before it is.
  if (doubled > Number.MAX_SAFE_INTEGER) return sumBigNano(counts, prices, tier, multiply);
  const divisor = 2 * denominator;
  return (doubled - (doubled % divisor)) / divisor;
}

function sumBigNano(counts: TokenCounts, prices: UnitPrices, tier: Ratio, multiply: Ratio): number | null {
  const times = (count: number, price: number): bigint => BigInt(count) * BigInt(price);
  const tokens =
    times(counts.uncached, prices.input) +
    times(counts.output, prices.output) +
    times(counts.cacheRead, prices.cacheRead) +
    times(counts.cacheWrite, prices.cacheWrite) +
    times(counts.longCacheWrite, prices.longCacheWrite);
  const searches = times(counts.webSearches, prices.webSearch);
  const numerator = (tokens * BigInt(tier[0]) + searches * BigInt(tier[1])) * BigInt(multiply[0]);
  const denominator = BigInt(tier[1]) * BigInt(multiply[1]) * BigInt(PICO_PER_NANO);
  const nano = (2n * numerator + denominator) / (2n * denominator);
  return nano > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(nano);
}
