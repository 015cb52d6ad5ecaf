import type { RetryConfig } from "../plan/client-config.ts";

/**
 * The wait before a retry: doubled each time from `baseDelayMs`, at most `maxDelayMs`, of which the upper half is random so that
 * callers who failed together do not come back together.
 *
 * @param retry - which retry of the link this is, from 1
 * @param random - 0 up to 1
 */
export function backoffMs(retry: number, { baseDelayMs, maxDelayMs }: RetryConfig, random: number): number {
  const full = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(retry - 1, 30));
  return full / 2 + (full / 2) * random;
}
