import type { Ratio } from "../table/price-row.ts";

/** US dollars per million tokens, with at most six decimals. 0: free. An absent price is unknown, unless input and output are free. */
export interface UsdPerMTok {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number | undefined;
  /** With a time to live of minutes. */
  readonly cacheWrite?: number | undefined;
  /** With a time to live of one hour or longer. */
  readonly longCacheWrite?: number | undefined;
}

/**
 * A price of the operator. It has `usdPerMTok`, `multiply`, `tiers` or `usdPer1000`. Of several that match a model on a day, an exact id
 * comes before a pattern, a longer pattern before a shorter one, a later `from` before an earlier one, and else the last of the list. Those
 * with the same pattern and the same `from` apply together, such as the prices of two sizes of requests.
 */
export interface PriceRule {
  /** The id of the provider; `*`: every one. */
  readonly provider: string;
  /** The exact id, or a pattern in which `*` is any text: `acme/*`. */
  readonly model: string;
  /** The first UTC day, `YYYY-MM-DD`. Default: every day. */
  readonly from?: string | undefined;
  /** The UTC day after the last one. Default: no end. */
  readonly until?: string | undefined;
  /** `usdPerMTok` is valid for requests with more input tokens than this. Smaller ones have the price list's. Default 0. */
  readonly above?: number | undefined;
  /** Replaces the price list's prices. */
  readonly usdPerMTok?: UsdPerMTok | undefined;
  /** Multiplies all prices: `[9, 10]` is a discount of 10 %. */
  readonly multiply?: Ratio | undefined;
  /** Factors by the vendor's word for a tier, a speed or a region, added to the price list's: `{ priority: [1, 1] }`. */
  readonly tiers?: Readonly<Record<string, Ratio>> | undefined;
  /** US dollars for 1,000 uses of a tool of the vendor. */
  readonly usdPer1000?: { readonly webSearches?: number | undefined } | undefined;
}
