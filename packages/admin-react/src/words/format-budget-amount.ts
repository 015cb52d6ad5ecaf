import type { BudgetWindow } from "@babylon/admin-api/contract";
import { formatUsd } from "@babylon/llm-core/status";
import { formatCount } from "./format-count.ts";

/** An amount of a budget: `$12.34`, `1,234 tokens`, with a minus below 0; `unknown` for `null`. */
export function formatBudgetAmount(amount: number | null, unit: BudgetWindow["unit"]): string {
  if (amount === null) return "unknown";
  const size = Math.abs(amount);
  const text = unit === "usd" ? formatUsd(size) : `${formatCount(size)} ${size === 1 ? "token" : "tokens"}`;
  return amount < 0 ? `−${text}` : text;
}
