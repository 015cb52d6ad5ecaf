/** The maximum time value of a `Date`, epoch milliseconds. */
const MAX_DATE_MS = 8.64e15;

/** A time as ISO 8601, for people; `an unknown time` for a number out of range, which a custom breaker may return. */
export function isoTimestamp(epochMs: number): string {
  return Math.abs(epochMs) <= MAX_DATE_MS ? new Date(epochMs).toISOString() : "an unknown time";
}
