/**
 * How long an attempt may wait for its first part: its own limit, or an equal share of the remaining time if that is less, so that silent
 * links leave time for the others.
 *
 * @param limitMs - the attempt's own limit; `null`: none
 * @param timeLeftMs - until the deadline of the call; `null`: no deadline
 * @param linksLeft - links that may still be tried, this one included
 * @returns milliseconds, or `null` for no limit
 */
export function shareOfTime(limitMs: number | null, timeLeftMs: number | null, linksLeft: number): number | null {
  if (timeLeftMs === null) return limitMs;
  const share = Math.max(0, timeLeftMs) / Math.max(1, linksLeft);
  return limitMs === null ? share : Math.min(limitMs, share);
}
