import type { BudgetWindow } from "@babylon/llm";
import { formatUsd } from "@babylon/llm-core/status";

const usd = (nanoUsd: number | null): string => (nanoUsd === null ? "unknown" : formatUsd(nanoUsd, "exact"));

/** What the calls of a tick have cost, of what they may cost. */
export function budgetLine({ spent, presumed, limit }: BudgetWindow): string {
  const maybe = presumed === 0 ? "" : `, and at most ${usd(presumed)} for calls that were cut off`;
  return `Budget: ${usd(spent)} of ${usd(limit)} spent${maybe}.`;
}
