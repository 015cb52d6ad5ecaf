/**
 * How long an attempt may go without a sign of life: its own limit, or its even share of the time left when that is less, so that
 * silent links leave time for the last one.
 *
 * @param limitMs - the attempt's own limit; `null`: none
 * @param timeLeftMs - until the call must be over; `null`: for ever
 * @param linksLeft - links that may still be tried, this one included
 * @returns milliseconds, or `null` for no limit
 */
export function shareOfTime(limitMs: number | null, timeLeftMs: number | null, linksLeft: number): number | null {
  if (timeLeftMs === null) return limitMs;
  const share = Math.max(0, timeLeftMs) / Math.max(1, linksLeft);
  return limitMs === null ? share : Math.min(limitMs, share);
}
