import type { Attempt } from "@babylon/llm-core";
import type { Ratio } from "../table/price-row.ts";
import type { PriceBand } from "./compiled-price.ts";

/** The factor of the standard price. */
export const STANDARD_TIER: Ratio = [1, 1];

/** The vendors' words for the standard: OpenAI `default`, Anthropic `standard` and `global`, Groq `on_demand` (2026-11). */
const STANDARD_WORDS: ReadonlySet<string> = new Set(["default", "standard", "on_demand", "global"]);

type ServedFacts = Pick<Attempt, "serviceTier" | "speed" | "region">;

/** The factor of a tier, a speed or a region; `null`: not known. */
function factorOf(word: string | null | undefined, tiers: ReadonlyMap<string, Ratio>): Ratio | null {
  if (word === null || word === undefined) return STANDARD_TIER;
  return tiers.get(word) ?? (STANDARD_WORDS.has(word) ? STANDARD_TIER : null);
}

/**
 * The factor for the tier, the speed and the region that served a request; `null` if one of them has no known price. What was not reported is
 * standard.
 */
export function tierOf({ serviceTier, speed, region }: ServedFacts, band: PriceBand): Ratio | null {
  if (serviceTier === null && speed === null && region === null) return STANDARD_TIER;
  // Anthropic does not offer the fast mode in batches (2026-11): the price of the two together is not known.
  if (serviceTier === "batch" && speed === "fast") return null;
  const ofTier = factorOf(serviceTier, band.tiers);
  const ofSpeed = factorOf(speed, band.tiers);
  const ofRegion = factorOf(region, band.tiers) ?? (band.regional ? null : STANDARD_TIER);
  if (ofTier === null || ofSpeed === null || ofRegion === null) return null;
  return [ofTier[0] * ofSpeed[0] * ofRegion[0], ofTier[1] * ofSpeed[1] * ofRegion[1]];
}
