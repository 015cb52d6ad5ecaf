/** The last moment that a `Date` can hold, epoch milliseconds. */
const LAST_MOMENT_MS = 8.64e15;

/** A moment as ISO 8601, for people; `an unknown time` for a number that is not a moment, as a breaker of the caller's might give. */
export function isoMoment(epochMs: number): string {
  return Math.abs(epochMs) <= LAST_MOMENT_MS ? new Date(epochMs).toISOString() : "an unknown time";
}
