import type { BudgetWindow } from "@babylon/budget/contract";

/** The share of the limit that is used; without a limit above 0 all of it. `null`: the store is away. */
export function usedShare({ limit, left, spent }: BudgetWindow): number | null {
  if (spent === null || left === null) return null;
  return limit === 0 ? 1 : (limit - left) / limit;
}

/** The windows that are used the most first; those without sums last. Pure. */
export function sortWindows(windows: readonly BudgetWindow[]): readonly BudgetWindow[] {
  return windows.toSorted((a, b) => (usedShare(b) ?? -1) - (usedShare(a) ?? -1) || a.key.localeCompare(b.key));
}
