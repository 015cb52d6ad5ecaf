import { isRecord } from "@babylon/llm-core";
import { type SourcePrice, toPico } from "../source-price.ts";

/** The vendors in models.dev. */
export const MODELS_DEV_VENDORS: Readonly<Record<string, string>> = {
  anthropic: "claude",
  openai: "openai",
  groq: "groq",
  wandb: "wandb",
};

/** The threshold of `context_over_200k`. */
const LONG_CONTEXT = 200_000;

/** Reads the prices of our vendors in `api.json` of models.dev (MIT): vendors by id, with `models` by id. */
export function readModelsDev(api: unknown, source: string): readonly SourcePrice[] {
  return Object.entries(MODELS_DEV_VENDORS).flatMap(([id, provider]) => {
    const vendor = isRecord(api) ? api[id] : undefined;
    if (!isRecord(vendor) || !isRecord(vendor.models)) throw new TypeError(`models.dev: ${id} has no models`);
    return Object.entries(vendor.models).flatMap(([model, facts]) => readModel(provider, model, facts, source));
  });
}

function readModel(provider: string, model: string, facts: unknown, source: string): readonly SourcePrice[] {
  if (!isRecord(facts) || !isRecord(facts.cost) || !answersWithTextOnly(facts)) return [];
  // Anthropic's snapshots cost what the model costs.
  const id = provider === "claude" ? model.replace(/-\d{8}$|-latest$/, "") : model;
  const { cost } = facts;
  const tiers = Array.isArray(cost.tiers) ? cost.tiers.filter(isRecord) : [];
  const bands: (readonly [above: number, prices: unknown])[] = [[0, cost]];
  for (const tier of tiers)
    if (isRecord(tier.tier) && typeof tier.tier.size === "number") bands.push([tier.tier.size, tier]);
  if (tiers.length === 0 && isRecord(cost.context_over_200k)) bands.push([LONG_CONTEXT, cost.context_over_200k]);
  return bands.flatMap(([above, prices]): SourcePrice[] => {
    const pico = readPrices(prices);
    if (pico === null) return [];
    return [
      { provider, model: id, from: null, until: null, above, pico, webSearchesPer1000: null, source, checked: null },
    ];
  });
}

function answersWithTextOnly({ modalities }: Readonly<Record<string, unknown>>): boolean {
  const output = isRecord(modalities) ? modalities.output : undefined;
  return !Array.isArray(output) || output.every((kind) => kind === "text");
}

function readPrices(prices: unknown): SourcePrice["pico"] | null {
  if (!isRecord(prices) || typeof prices.input !== "number" || typeof prices.output !== "number") return null;
  const optional = (usd: unknown): number | null => (typeof usd === "number" ? toPico(usd) : null);
  return {
    input: toPico(prices.input),
    output: toPico(prices.output),
    cacheRead: optional(prices.cache_read),
    cacheWrite: optional(prices.cache_write),
    longCacheWrite: null,
  };
}
