import type { BudgetRule } from "@babylon/llm-core";
import { periodWindows } from "../windows/period-windows.ts";
import { type CompiledBudget, type RuleSource, SCOPE_FIELDS } from "./compiled-budget.ts";

const DEFAULT_WARN_AT = 0.8;

const NANO_PER_USD = 1e9;

/** Prepares a checked rule. */
export function compileRule(rule: BudgetRule, source: RuleSource): CompiledBudget {
  const {
    id,
    scope,
    per,
    timeZone = "UTC",
    limitUsd,
    limitTokens = 0,
    warnAt = DEFAULT_WARN_AT,
    atLimit,
    paused,
  } = rule;
  const unit = limitUsd === undefined ? "tokens" : "usd";
  const period = typeof per === "string" ? per : `rolling${per.rollingMs}`;
  return {
    rule,
    source,
    unit,
    limit: limitUsd === undefined ? limitTokens : Math.round(limitUsd * NANO_PER_USD),
    warnAt,
    refuses: atLimit !== "warn" && !paused,
    // What the sums mean is in the key: another unit or period of the same rule has sums of its own, another limit has the same.
    keyPrefix: ["budget", id, unit, period, timeZone, ""].join("|"),
    fields: SCOPE_FIELDS.flatMap((field) => {
      const value = scope === "all" ? undefined : scope[field];
      return value === undefined ? [] : [[field, value] as const];
    }),
    windows: periodWindows(per, timeZone),
  };
}
