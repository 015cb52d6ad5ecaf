/** What an attempt, or a call, costs: whole billionths of a US dollar. */
export interface Cost {
  /** `null`: not known; the bill then lies between `lowNanoUsd` and `highNanoUsd`. Never 0 for an unknown cost. */
  readonly nanoUsd: number | null;
  readonly lowNanoUsd: number;
  /** `null`: no upper bound is known. */
  readonly highNanoUsd: number | null;
  readonly currency: "USD";
  /**
   * Where the price comes from: the provider's own reply, an override of the operator, the price list; `none`: there is no price. Of a
   * sum: the least certain one, in this order.
   */
  readonly source: "provider" | "override" | "list" | "none";
  /** The day from which the price holds (`YYYY-MM-DD`). `null`: not known; of a sum: not the same for all. */
  readonly effective: string | null;
}
