/** A factor of prices, as a fraction of whole numbers: `[11, 10]` is 1.1. */
export type Ratio = readonly [numerator: number, denominator: number];

/** Prices per token, in trillionths of a US dollar: dollars per million tokens, times 1,000,000. `null`: not known. */
export interface PicoPrices {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | null;
  /** With a time to live of minutes. */
  readonly cacheWrite: number | null;
  /** With a time to live of one hour, or of twelve (OpenAI). */
  readonly longCacheWrite: number | null;
}

/** What the tokens of one model cost in a period, from one size of the request on. */
export interface PriceRow {
  /** The id of a provider of this repository: `claude`, not `anthropic`. */
  readonly provider: string;
  /** The exact id. */
  readonly model: string;
  /** The first UTC day on which the price is known to be valid, `YYYY-MM-DD`. `null`: since the model exists. */
  readonly from: string | null;
  /** The first UTC day on which it is no longer valid. `null`: none is known. */
  readonly until: string | null;
  /** The price is valid for requests with more input tokens than this, and then for all their tokens. */
  readonly above: number;
  readonly pico: PicoPrices;
  /**
   * Factors by the vendor's word for a service tier, a speed or a region. They are multiplied, and apply to tokens only. A tier that
   * is not listed is unknown, unless it is the vendor's word for the standard.
   */
  readonly tiers: Readonly<Record<string, Ratio>>;
  /** Whether the price depends on the region: one that `tiers` does not list is then unknown. `false`: it only informs. */
  readonly regional: boolean;
  /** Trillionths of a dollar for 1,000 uses of a tool of the vendor. An absent one is unknown. */
  readonly per1000: Readonly<{ webSearches?: number }>;
  readonly source: string;
  /** The day on which the source was read, `YYYY-MM-DD`. */
  readonly checked: string;
}
