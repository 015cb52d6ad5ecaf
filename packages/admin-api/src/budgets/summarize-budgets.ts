import type { BudgetLevel } from "@babylon/budget/contract";
import type { AdminContext } from "../admin-context.ts";
import type { BudgetsSummary } from "../contract.ts";
import { sortWindows } from "./sort-windows.ts";

const MAX_WORST = 3;

/** The state of all budgets for the page; `null` without any. Never rejects: the page is shown without them. */
export async function summarizeBudgets({ budget, logger }: AdminContext): Promise<BudgetsSummary | null> {
  if (budget === null) return null;
  const levels: Record<BudgetLevel, number> = { ok: 0, near: 0, over: 0, unknown: 0 };
  try {
    const windows = await budget.status();
    for (const { level } of windows) levels[level] += 1;
    const high = windows.filter(({ level }) => level === "near" || level === "over");
    return { levels, worst: sortWindows(high).slice(0, MAX_WORST), outage: budget.outage() };
  } catch (thrown) {
    logger.warn("the budgets could not be read", { error: thrown instanceof Error ? thrown.name : "unknown" });
    return { levels, worst: [], outage: budget.outage() };
  }
}
