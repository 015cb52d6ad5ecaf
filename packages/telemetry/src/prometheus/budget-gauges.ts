import type { Family, Sample } from "./exposition.ts";
import { toUsd } from "./to-usd.ts";

/** What the gauges read of a budget's window: those that `status()` of `@babylon/budget` returns. */
export interface BudgetReading {
  /** The id of the rule. */
  readonly rule: string;
  /** `usd`: amounts are billionths of a US dollar. */
  readonly unit: "usd" | "tokens";
  readonly limit: number;
  /** What is left of the limit; below 0: more was spent. `null`: not known now. */
  readonly left: number | null;
}

interface Tightest {
  readonly unit: BudgetReading["unit"];
  readonly left: number;
  readonly usedRatio: number;
}

/** The window of each rule of which the largest share is used: a rule for each tenant has as many windows as there are tenants. */
function tightestByRule(budgets: readonly BudgetReading[]): ReadonlyMap<string, Tightest> {
  const tightest = new Map<string, Tightest>();
  for (const { rule, unit, limit, left } of budgets) {
    if (left === null) continue;
    // Of a limit of 0, all is used.
    const usedRatio = limit > 0 ? (limit - left) / limit : 1;
    const known = tightest.get(rule);
    if (known === undefined || usedRatio > known.usedRatio) tightest.set(rule, { unit, left, usedRatio });
  }
  return tightest;
}

/** The gauges of budgets. A rule whose windows are not known now has none. */
export function budgetGauges(budgets: readonly BudgetReading[]): readonly Family[] {
  const rules = [...tightestByRule(budgets)];
  const leftOf = (unit: BudgetReading["unit"], toValue: (left: number) => Sample["value"]): readonly Sample[] =>
    rules
      .filter(([, tightest]) => tightest.unit === unit)
      .map(([rule, { left }]) => ({ labels: { rule }, value: toValue(left) }));
  return [
    {
      name: "babylon_budget_used_ratio",
      help: "The share of its limit that the fullest window of a budget has used: spent, presumed and held.",
      type: "gauge",
      samples: rules.map(([rule, { usedRatio }]) => ({ labels: { rule }, value: usedRatio })),
    },
    {
      name: "babylon_budget_remaining_usd",
      help: "US dollars that are left of the fullest window of a budget.",
      type: "gauge",
      samples: leftOf("usd", toUsd),
    },
    {
      name: "babylon_budget_remaining_tokens",
      help: "Tokens that are left of the fullest window of a budget.",
      type: "gauge",
      samples: leftOf("tokens", (left) => left),
    },
  ];
}
