/**
 * Why a cost is not known. `no-price`: no row and no rule for the model on that day; `unknown-tier`: the tier, speed or region that served it
 * has no known price; `missing-rate`: the model has a price, but not for what was used; `invalid-usage`: the counts contradict each other.
 */
export type PriceWarningKind = "no-price" | "unknown-tier" | "missing-rate" | "invalid-usage";

/** A cost that could not be calculated. */
export interface PriceWarning {
  readonly kind: PriceWarningKind;
  readonly provider: string;
  readonly model: string;
  /** One sentence without prompts and keys. */
  readonly message: string;
}
