import type { AskEstimate } from "../ask/estimate-ask.ts";
import type { MatchedRule } from "../rules/compiled-budget.ts";

/** One attempt to reserve for. */
export interface ReserverAsk {
  /** At least one. */
  readonly matched: readonly MatchedRule[];
  readonly estimate: AskEstimate;
  readonly isHedge: boolean;
}
