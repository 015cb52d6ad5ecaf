import { formatUsd } from "@babylon/llm-core/status";
import type { BudgetUnit } from "../rules/compiled-budget.ts";

/** An amount for people: dollars with at least two decimals, and as many as a small amount needs, or tokens. */
export function formatAmount(amount: number, unit: BudgetUnit): string {
  return unit === "tokens" ? `${amount.toLocaleString("en-US")} tokens` : formatUsd(amount, "exact");
}
