import type { Ratio } from "../table/price-row.ts";
import type { CompiledPrice, PriceBand } from "./compiled-price.ts";
import { sumNano } from "./sum-nano.ts";

/** The factor if every tier, speed and region that costs more applies at once. */
function highestTier({ tiers }: PriceBand): Ratio {
  let [numerator, denominator] = [1, 1];
  for (const [above, below] of tiers.values()) {
    if (above <= below) continue;
    numerator *= above;
    denominator *= below;
  }
  return [numerator, denominator];
}

/**
 * The most that these tokens can cost, in billionths of a dollar: all input at its dearest kind, and every surcharge. Web searches are not
 * in it. `null`: no price for a request of this size, or more than a safe integer.
 */
export function highestNano(
  { bands, multiply }: CompiledPrice,
  inputTokens: number,
  outputTokens: number,
): number | null {
  let highest: number | null = null;
  for (const band of bands) {
    // The input may be less than estimated, and then have the price of smaller requests.
    if (band.above > 0 && band.above >= inputTokens) continue;
    const { input, output, cacheRead, cacheWrite, longCacheWrite } = band.pico;
    const dearest = Math.max(input, cacheRead ?? 0, cacheWrite ?? 0, longCacheWrite ?? 0);
    const counts = {
      uncached: inputTokens,
      output: outputTokens,
      cacheRead: 0,
      cacheWrite: 0,
      longCacheWrite: 0,
      webSearches: 0,
    };
    const prices = { input: dearest, output, cacheRead: 0, cacheWrite: 0, longCacheWrite: 0, webSearch: 0 };
    const nano = sumNano(counts, prices, highestTier(band), multiply);
    if (nano === null) return null;
    highest = Math.max(highest ?? 0, nano);
  }
  return highest;
}
