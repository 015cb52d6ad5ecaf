import type { UsageDimension } from "../contract/usage-query.ts";
import type { AttemptFigures, CallNames, RecordFigures } from "../record/record-figures.ts";
import { addAttemptCounts, addCallCounts, addDurations } from "../sums/sums.ts";
import type { UsagePlan } from "./plan-usage.ts";
import { KEY_SEPARATOR, type UsageTable } from "./usage-table.ts";

/** The link of an attempt, or of the answer of a call. */
type Link = Pick<CallNames, "provider" | "model">;

const nameOf = (dimension: UsageDimension, names: CallNames, link: Link): string =>
  dimension === "provider" || dimension === "model" ? link[dimension] : names[dimension];

/** Whether the names pass the filter. */
export function matches({ where }: Pick<UsagePlan, "where">, names: CallNames, link: Link = names): boolean {
  for (const [dimension, accepted] of where) if (!accepted.has(nameOf(dimension, names, link))) return false;
  return true;
}

function keyOf(by: readonly UsageDimension[], names: CallNames, link: Link): string {
  let key = "";
  for (let at = 0; at < by.length; at += 1) {
    const dimension = by[at];
    if (dimension === undefined) continue;
    if (at > 0) key += KEY_SEPARATOR;
    key += nameOf(dimension, names, link);
  }
  return key;
}

/** Adds a call to the groups of a period, if it passes the filter. */
export function addUsageRow(
  table: UsageTable,
  plan: Pick<UsagePlan, "by" | "where" | "ofAttempts">,
  period: number,
  names: CallNames,
  figures: RecordFigures,
): void {
  const { by, ofAttempts } = plan;
  if (matches(plan, names)) {
    const sums = table.sumsOf(period, keyOf(by, names, names));
    addCallCounts(sums, names.outcome, figures);
    if (!ofAttempts) {
      for (const attempt of figures.attempts) addAttemptCounts(sums, attempt);
      if (names.outcome === "success") addDurations(sums, figures);
    }
  }
  if (ofAttempts) for (const attempt of figures.attempts) addAttempt(table, plan, period, names, attempt);
}

function addAttempt(
  table: UsageTable,
  plan: Pick<UsagePlan, "by" | "where">,
  period: number,
  names: CallNames,
  attempt: AttemptFigures,
): void {
  if (!matches(plan, names, attempt)) return;
  const sums = table.sumsOf(period, keyOf(plan.by, names, attempt));
  addAttemptCounts(sums, attempt);
  if (attempt.succeeded) addDurations(sums, attempt);
}
