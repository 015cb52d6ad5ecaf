import { type Attempt, type Cost, type Usage, wasRefused } from "@babylon/llm-core";
import type { PicoPrices, Ratio } from "../table/price-row.ts";
import type { CompiledPrice, PriceBand } from "./compiled-price.ts";
import type { PriceWarningKind } from "./price-warning.ts";
import { sumNano, type UnitPrices } from "./sum-nano.ts";
import { tierOf } from "./tier-of.ts";
import { splitUsage, type TokenCounts } from "./token-counts.ts";

/** Reports why a cost is not known. */
export type Warn = (kind: PriceWarningKind, message: string) => void;

/** The cost of an attempt without a price. */
export const NO_PRICE: Cost = Object.freeze({
  nanoUsd: null,
  lowNanoUsd: 0,
  highNanoUsd: null,
  currency: "USD",
  source: "none",
  effective: null,
});

/** The cost of an attempt without a price that cannot have been billed. */
export const NOT_BILLED: Cost = Object.freeze({ ...NO_PRICE, nanoUsd: 0, highNanoUsd: 0 });

function known({ source, effective }: CompiledPrice, nanoUsd: number): Cost {
  return { nanoUsd, lowNanoUsd: nanoUsd, highNanoUsd: nanoUsd, currency: "USD", source, effective };
}

function between({ source, effective }: CompiledPrice, low: number | null, high: number | null): Cost {
  return { nanoUsd: null, lowNanoUsd: low ?? 0, highNanoUsd: high, currency: "USD", source, effective };
}

/** The prices of the request's size. */
function bandOf({ bands }: CompiledPrice, input: number): PriceBand | undefined {
  for (const band of bands) if (input > band.above || band.above === 0) return band;
  return undefined;
}

/** The cost of an attempt, by the price of its model on its day. */
export function costOf(price: CompiledPrice, attempt: Attempt, warn: Warn): Cost {
  const { usage } = attempt;
  if (usage === undefined) return wasRefused(attempt) ? known(price, 0) : between(price, 0, null);
  const { inputTokens: input = null, outputTokens: output = null } = usage;
  const counts = splitUsage(usage, input ?? minimumInput(usage), output ?? 0);
  if (counts === null) {
    warn("invalid-usage", "the token counts contradict each other");
    return between(price, 0, null);
  }
  if (input === null || output === null) return between(price, leastOf(price, attempt, counts), null);
  const band = bandOf(price, input);
  if (band === undefined) {
    warn("no-price", "no price for a request of this size");
    return between(price, 0, null);
  }
  const tier = tierOf(attempt, band);
  if (tier === null) {
    const { serviceTier, speed, region } = attempt;
    warn("unknown-tier", `no price for tier ${serviceTier}, speed ${speed}, region ${region}`);
    return between(price, 0, null);
  }
  return priceCounts(price, band, counts, usage, tier, warn);
}

/** Without a total, the input has at least what was read from and written to caches. */
const minimumInput = ({ cachedInputTokens, cacheWriteInputTokens }: Usage): number =>
  (cachedInputTokens ?? 0) + (cacheWriteInputTokens ?? 0);

function priceCounts(
  price: CompiledPrice,
  { pico }: PriceBand,
  counts: TokenCounts,
  usage: Usage,
  tier: Ratio,
  warn: Warn,
): Cost {
  const { cacheRead, cacheWrite, longCacheWrite } = pico;
  const { picoPerSearch, multiply } = price;
  const isComplete =
    (cacheRead !== null || counts.cacheRead === 0) &&
    (cacheWrite !== null || counts.cacheWrite === 0) &&
    (longCacheWrite !== null || counts.longCacheWrite === 0) &&
    (picoPerSearch !== null || counts.webSearches === 0);
  const { audioInputTokens = 0, audioOutputTokens = 0 } = usage.extras ?? NO_EXTRAS;
  if (isComplete && audioInputTokens === 0 && audioOutputTokens === 0) {
    const nano = sumNano(counts, leastPrices(pico, picoPerSearch), tier, multiply);
    return nano === null ? between(price, 0, null) : known(price, nano);
  }
  warn("missing-rate", "the model has no known price for a part of the usage");
  const certain = { ...counts, uncached: 0, output: Math.max(0, counts.output - audioOutputTokens) };
  certain.uncached = Math.max(0, counts.uncached - audioInputTokens);
  const low = sumNano(certain, leastPrices(pico, picoPerSearch), tier, multiply);
  const isBounded =
    audioInputTokens + audioOutputTokens === 0 &&
    (cacheWrite !== null || counts.cacheWrite === 0) &&
    (longCacheWrite !== null || counts.longCacheWrite === 0) &&
    (picoPerSearch !== null || counts.webSearches === 0);
  if (!isBounded) return between(price, low, null);
  // What remains is a read from a cache, which no vendor sells for more than the input.
  const most = leastPrices({ ...pico, cacheRead: cacheRead ?? pico.input }, picoPerSearch);
  return between(price, low, sumNano(counts, most, tier, multiply));
}

const NO_EXTRAS: NonNullable<Usage["extras"]> = {};

/** Unknown prices count as 0. */
function leastPrices(pico: PicoPrices, picoPerSearch: number | null): UnitPrices {
  return {
    input: pico.input,
    output: pico.output,
    cacheRead: pico.cacheRead ?? 0,
    cacheWrite: pico.cacheWrite ?? 0,
    longCacheWrite: pico.longCacheWrite ?? 0,
    webSearch: picoPerSearch ?? 0,
  };
}

/** The least that a part of a usage can have cost: by the cheapest size of request, if the tier is known. */
function leastOf(price: CompiledPrice, attempt: Attempt, counts: TokenCounts): number {
  let least: number | null = null;
  const { inputTokens } = attempt.usage ?? {};
  for (const band of price.bands) {
    if (typeof inputTokens === "number" && band !== bandOf(price, inputTokens)) continue;
    const tier = tierOf(attempt, band);
    const nano =
      tier === null ? 0 : (sumNano(counts, leastPrices(band.pico, price.picoPerSearch), tier, price.multiply) ?? 0);
    least = least === null ? nano : Math.min(least, nano);
  }
  return least ?? 0;
}
