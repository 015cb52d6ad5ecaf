import { expect } from "vitest";
import type { BudgetWindow } from "../../contract/budget-window.ts";
import type { BudgetSoakReport } from "./run-budget-soak.ts";

const spentOf = (windows: readonly BudgetWindow[], rule: string): bigint =>
  windows.filter((window) => window.rule === rule).reduce((sum, { spent }) => sum + BigInt(spent ?? 0), 0n);

const presumedOf = (windows: readonly BudgetWindow[], rule: string): bigint =>
  windows.filter((window) => window.rule === rule).reduce((sum, { presumed }) => sum + BigInt(presumed ?? 0), 0n);

/** Nothing is held, and what was spent is what the simulator has billed, to the billionth of a dollar. */
export function expectSettled({ windows, billed, tokens, untold, outcomes }: BudgetSoakReport): void {
  expect(windows.map(({ held }) => held)).toEqual(windows.map(() => 0));
  expect(spentOf(windows, "all")).toBe(billed);
  expect(spentOf(windows, "tenant")).toBe(billed);
  expect(spentOf(windows, "tokens")).toBe(tokens);
  expect(spentOf(windows, "roll")).toBe(tokens);
  // What no reply has told is presumed, and no less than it was.
  expect(presumedOf(windows, "all")).toBeGreaterThanOrEqual(untold);
  expect(presumedOf(windows, "tenant")).toBe(presumedOf(windows, "all"));
  expect(outcomes.success).toBeGreaterThan(0);
}
