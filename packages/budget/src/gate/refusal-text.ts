import type { Refusal } from "@babylon/llm-core";
import type { Target } from "../ledger/target.ts";
import type { MatchedRule } from "../rules/compiled-budget.ts";
import { formatAmount } from "./format-amount.ts";

/** What has to happen before an attempt may fit. `null`: waiting does not help. */
export interface Wait {
  readonly for: "holds" | "window" | "store" | null;
  readonly retryAfterMs: number | null;
}

/** Waiting does not help. */
export const NO_WAIT: Wait = { for: null, retryAfterMs: null };

/** A rule with the values that it was applied to: `budget "tenant-day" (tenant acme)`. */
export function ruleName({ compiled, subject }: Pick<MatchedRule, "compiled" | "subject">): string {
  const values = Object.entries(subject).map(([field, value]) => `${field} ${value}`);
  return `budget "${compiled.rule.id}"${values.length === 0 ? "" : ` (${values.join(", ")})`}`;
}

/** The wait until a window ends. */
export function untilEnd({ window: { endEpochMs } }: Target, nowEpochMs: number): Wait {
  return endEpochMs === null ? NO_WAIT : { for: "window", retryAfterMs: Math.max(0, endEpochMs - nowEpochMs) };
}

const describeWait = (target: Target, wait: Wait): string => {
  switch (wait.for) {
    case "holds":
      return "other calls hold the rest and may give it back";
    case "window":
      return `a new window begins at ${new Date(target.window.endEpochMs ?? 0).toISOString()}`;
    case "store":
      return "the store of budgets is away";
    case null:
      return target.amount > target.compiled.limit
        ? "that is more than the whole limit"
        : "this budget does not start anew";
  }
};

/** The refusal of an attempt that does not fit. @param left - of the limit; `null`: not known */
export function notEnough(target: Target, left: number | null, wait: Wait): Refusal {
  const { compiled, amount } = target;
  const { unit, limit } = compiled;
  const rest =
    left === null
      ? "what is left is not known"
      : `${formatAmount(Math.max(0, left), unit)} of ${formatAmount(limit, unit)} left`;
  const why = `${ruleName(target)}: ${rest}, this needs up to ${formatAmount(amount, unit)}; ${describeWait(target, wait)}`;
  return { why, retryAfterMs: wait.retryAfterMs };
}

/** The refusal of an attempt whose cost is not known. */
export function unknownPrice(matched: MatchedRule, provider: string, model: string): Refusal {
  return { why: `${ruleName(matched)}: no price of ${provider}/${model} is known`, retryAfterMs: null };
}

/** The refusal of an attempt that cannot be checked. */
export function storeAway([first]: readonly MatchedRule[], retryAfterMs: number | null): Refusal {
  const name = first === undefined ? "budget" : ruleName(first);
  return { why: `${name}: the store of budgets is away`, retryAfterMs };
}
