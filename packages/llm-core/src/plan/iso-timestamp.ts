/** The last moment that a `Date` can hold, epoch milliseconds. */
const MAX_DATE_MS = 8.64e15;

/** A moment as ISO 8601, for people; `an unknown time` for a number that is not a moment, as a breaker of the caller's might give. */
export function isoTimestamp(epochMs: number): string {
  return Math.abs(epochMs) <= MAX_DATE_MS ? new Date(epochMs).toISOString() : "an unknown time";
}
