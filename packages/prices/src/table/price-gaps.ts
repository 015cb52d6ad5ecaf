/** A model that an adapter lists and that has no price. Its costs are unknown, unless an override has a price. */
export interface PriceGap {
  readonly provider: string;
  readonly model: string;
  readonly why: string;
}

/** The models without a price. Looked for on 2026-11-30. */
export const PRICE_GAPS: readonly PriceGap[] = [
  { provider: "claude", model: "claude-fable-5-2", why: "no published price was found" },
  {
    provider: "groq",
    model: "groq/compound",
    why: "billed by the models and tools that it chose, which its replies do not state",
  },
  {
    provider: "groq",
    model: "groq/compound-mini",
    why: "billed by the models and tools that it chose, which its replies do not state",
  },
];
