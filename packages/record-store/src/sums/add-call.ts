import type { UsageDimension } from "../contract/usage-query.ts";
import type { CallNames, RecordFigures } from "../record/record-figures.ts";
import { addAttemptCounts, addCallCounts, addDurations, type Sums } from "./sums.ts";

/** What sums are kept for: all calls, and each dimension. The position is stored; add new ones at the end. */
export const SUM_DIMENSIONS: readonly ("all" | UsageDimension)[] = [
  "all",
  "provider",
  "model",
  "agent",
  "tenant",
  "purpose",
  "outcome",
];

/** Whether the figures of a dimension are those of attempts. */
export const isOfAttempts = (dimension: string): dimension is "provider" | "model" =>
  dimension === "provider" || dimension === "model";

/** Adds a call to the sums of one dimension. */
export function addCall(
  dimension: (typeof SUM_DIMENSIONS)[number],
  names: CallNames,
  figures: RecordFigures,
  sumsOf: (name: string) => Sums,
): void {
  const sums = sumsOf(dimension === "all" ? "" : names[dimension]);
  addCallCounts(sums, names.outcome, figures);
  if (isOfAttempts(dimension)) {
    for (const attempt of figures.attempts) {
      const ofLink = sumsOf(attempt[dimension]);
      addAttemptCounts(ofLink, attempt);
      if (attempt.succeeded) addDurations(ofLink, attempt);
    }
    return;
  }
  for (const attempt of figures.attempts) addAttemptCounts(sums, attempt);
  if (names.outcome === "success") addDurations(sums, figures);
}
