import type { BudgetOutage, BudgetWindow, BudgetWriteOff } from "@babylon/budget/contract";
import { type BudgetRule, invalidInput } from "@babylon/llm-core";
import type { AdminBudget } from "../admin-shapes.ts";

/** A window of a budget of $10 a month for all calls, of which $2.60 are used, and what is different. */
export function budgetWindow(more: Partial<BudgetWindow> = {}): BudgetWindow {
  return {
    key: "budget|month|usd|month|UTC||0",
    rule: "month",
    source: "code",
    scope: {},
    per: "month",
    timeZone: "UTC",
    unit: "usd",
    limit: 10e9,
    atLimit: "refuse",
    paused: false,
    spent: 2e9,
    presumed: 0.5e9,
    held: 0.1e9,
    left: 7.4e9,
    startsAt: Date.UTC(2026, 10, 1),
    endsAt: Date.UTC(2026, 11, 1),
    forecast: 3e9,
    level: "ok",
    warning: null,
    ...more,
  };
}

/** Budgets in memory, for tests of their users. */
export interface MemoryBudget extends AdminBudget {
  windows: readonly BudgetWindow[];
  away: BudgetOutage | null;
  /** Thrown by `status` and `writeOff`. */
  fail: Error | null;
  readonly writtenOff: readonly (readonly [key: string, presumed: number | undefined])[];
}

/** Budgets with given windows. */
export function memoryBudget(
  windows: readonly BudgetWindow[] = [budgetWindow()],
  rulesOfCode: readonly BudgetRule[] = [],
): MemoryBudget {
  const writtenOff: (readonly [string, number | undefined])[] = [];
  const listed: BudgetWriteOff[] = [];
  const budget: MemoryBudget = {
    windows,
    away: null,
    fail: null,
    writtenOff,
    rulesOfCode,
    async status() {
      if (budget.fail !== null) throw budget.fail;
      return budget.windows;
    },
    outage: () => budget.away,
    writeOffs: async (limit) => {
      if (budget.fail !== null) throw budget.fail;
      return listed.slice(0, limit);
    },
    async writeOff(key, presumed, by) {
      if (budget.fail !== null) throw budget.fail;
      if (!budget.windows.some((window) => window.key === key))
        throw invalidInput("key", "the key of a current window");
      writtenOff.push([key, presumed]);
      const { rule, scope, timeZone, unit, startsAt, presumed: all } = budgetWindow();
      const { actor = null, reason = null } = by ?? {};
      const amount = presumed ?? all ?? 0;
      listed.unshift({ atEpochMs: 1, rule, scope, per: "month", timeZone, unit, startsAt, amount, actor, reason });
      budget.windows = budget.windows.map((window) =>
        window.key === key
          ? { ...window, presumed: (window.presumed ?? 0) - (presumed ?? window.presumed ?? 0) }
          : window,
      );
    },
  };
  return budget;
}
