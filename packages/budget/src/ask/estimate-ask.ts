import type { AttemptAsk } from "@babylon/llm-core";
import type { BudgetUnit } from "../rules/compiled-budget.ts";
import type { HighestCost } from "./highest-cost.ts";
import type { TokenRates } from "./token-rates.ts";

/** Output tokens of a request without a limit. A longer answer exceeds its reservation, and the budget by that much. */
const OUTPUT_WITHOUT_LIMIT = 4_096;

/** The most that is expected of an attempt. */
export interface AskEstimate {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** By unit. `usd: null`: the price is not known. */
  readonly amounts: { readonly tokens: number; readonly usd: number | null };
}

/** The most that is expected of an attempt. */
export function estimateAsk(ask: AttemptAsk, rates: TokenRates, highest: HighestCost): AskEstimate {
  const { provider, model, requestBytes, maxOutputTokens } = ask;
  const inputTokens = rates.estimate(provider, model, requestBytes);
  const outputTokens = maxOutputTokens ?? OUTPUT_WITHOUT_LIMIT;
  return {
    inputTokens,
    outputTokens,
    amounts: { tokens: inputTokens + outputTokens, usd: highest.of(ask, inputTokens, outputTokens) },
  };
}

/** The amount to reserve in a unit; an unknown cost is 0, where the rule only warns. */
export const amountIn = ({ amounts }: AskEstimate, unit: BudgetUnit): number => amounts[unit] ?? 0;
