import type { Attempt } from "@babylon/llm-core";

/** Start times are in whole milliseconds, durations are finer. */
const TOLERANCE_MS = 2;

/** A failed attempt, and the attempt that followed it. */
export interface Consequence {
  readonly failed: Attempt;
  readonly next: Attempt;
}

/**
 * Finds, among the attempts of one call, which failure led to which attempt: each one follows the failure that had ended last
 * before it started. Their order is not enough, because the parts of a batch run concurrently.
 */
export function followAttempts(attempts: readonly Attempt[]): Consequence[] {
  const open = attempts.filter((attempt) => attempt.outcome !== "success");
  return attempts.flatMap((next) => {
    const [failed] = open
      .filter((one) => one !== next && endOf(one) <= next.startedAt + TOLERANCE_MS && one.number < next.number)
      .sort((a, b) => endOf(b) - endOf(a));
    if (failed === undefined) return [];
    open.splice(open.indexOf(failed), 1);
    return [{ failed, next }];
  });
}

const endOf = ({ startedAt, durationMs }: Attempt): number => startedAt + durationMs;
