import type { CallFigures, CallNames } from "../record/call-figures.ts";
import { addAttemptCounts, addCallCounts, addDurations } from "../sums/sums.ts";
import type { UsagePlan } from "./plan-usage.ts";
import type { UsageTable } from "./usage-table.ts";

/** Whether the names pass the filter. */
export function matches({ where }: Pick<UsagePlan, "where">, names: CallNames): boolean {
  for (const [dimension, accepted] of where) if (!accepted.has(names[dimension])) return false;
  return true;
}

/** Adds a call to the groups of a table, if it passes the filter. */
export function addRow(
  table: UsageTable,
  plan: Pick<UsagePlan, "by" | "where" | "ofAttempts">,
  startedAt: number,
  names: CallNames,
  figures: CallFigures,
): void {
  const period = table.periodOf(startedAt);
  const groupOf = (of: CallNames): readonly string[] => plan.by.map((dimension) => of[dimension]);
  if (!plan.ofAttempts) {
    if (!matches(plan, names)) return;
    const sums = table.sumsOf(period, groupOf(names));
    addCallCounts(sums, names.outcome, figures);
    for (const attempt of figures.attempts) addAttemptCounts(sums, attempt);
    if (names.outcome === "success") addDurations(sums, figures);
    return;
  }
  if (matches(plan, names)) addCallCounts(table.sumsOf(period, groupOf(names)), names.outcome, figures);
  for (const attempt of figures.attempts) {
    const ofLink = { ...names, provider: attempt.provider, model: attempt.model };
    if (!matches(plan, ofLink)) continue;
    const sums = table.sumsOf(period, groupOf(ofLink));
    addAttemptCounts(sums, attempt);
    if (attempt.succeeded) addDurations(sums, attempt);
  }
}
