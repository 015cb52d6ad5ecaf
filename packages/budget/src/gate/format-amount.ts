import type { BudgetUnit } from "../rules/compiled-budget.ts";

const NANO_PER_USD = 1e9;

/** An amount for people: dollars with at least two decimals, and as many as a small amount needs, or tokens. */
export function formatAmount(amount: number, unit: BudgetUnit): string {
  if (unit === "tokens") return `${amount.toLocaleString("en-US")} tokens`;
  const usd = amount / NANO_PER_USD;
  const digits = Math.abs(usd) >= 1 || usd === 0 ? 2 : 6;
  return `$${usd.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}
