/** The cost of an attempt or a call, in integers: billionths of a US dollar. */
export interface Cost {
  /** `null`: not known, but between `lowNanoUsd` and `highNanoUsd`. An unknown cost is never 0. */
  readonly nanoUsd: number | null;
  readonly lowNanoUsd: number;
  /** `null`: no upper bound is known. */
  readonly highNanoUsd: number | null;
  readonly currency: "USD";
  /**
   * The source of the price: the provider's reply, an override of the operator, the price list, or none. For a sum: the least certain
   * source, in this order.
   */
  readonly source: "provider" | "override" | "list" | "none";
  /** The first day on which the price is valid (`YYYY-MM-DD`). `null`: not known, or different for the parts of a sum. */
  readonly effective: string | null;
}
