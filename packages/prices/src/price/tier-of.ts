import type { Attempt } from "@babylon/llm-core";
import type { Ratio } from "../table/price-row.ts";

/** The factor of the standard price. */
export const STANDARD_TIER: Ratio = [1, 1];

/** The vendors' words for the standard: OpenAI `default`, Anthropic `standard` and `global`, Groq `on_demand` (2026-11). */
const STANDARD_WORDS: ReadonlySet<string> = new Set(["default", "standard", "on_demand", "global"]);

/** What is known about how a request was served. */
export type Serving = Pick<Attempt, "serviceTier" | "speed" | "region">;

/** The factor of a tier, a speed or a region; `undefined`: not known. */
function factorOf(word: string, tiers: ReadonlyMap<string, Ratio>): Ratio | undefined {
  return tiers.get(word) ?? (STANDARD_WORDS.has(word) ? STANDARD_TIER : undefined);
}

/**
 * The factor for the tier, the speed and the region that served a request; `null` if one of them has no known price. What was not reported is
 * standard.
 */
export function tierOf({ serviceTier, speed, region }: Serving, tiers: ReadonlyMap<string, Ratio>): Ratio | null {
  if (serviceTier === null && speed === null && region === null) return STANDARD_TIER;
  // Anthropic does not offer the fast mode in batches (2026-11): the price of the two together is not known.
  if (serviceTier === "batch" && speed === "fast") return null;
  let product = STANDARD_TIER;
  for (const word of [serviceTier, speed, region]) {
    if (word === null || word === undefined) continue;
    const factor = factorOf(word, tiers);
    if (factor === undefined) return null;
    if (factor !== STANDARD_TIER) product = [product[0] * factor[0], product[1] * factor[1]];
  }
  return product;
}
