import type { RetryConfig } from "../plan/client-config.ts";

/**
 * The delay before a retry, milliseconds: doubled each time from `baseDelayMs`, at most `maxDelayMs`. The upper half is random, so that
 * callers that failed at the same time do not retry at the same time.
 *
 * @param retry - which retry of the link this is, from 1
 * @param random - 0 up to 1
 */
export function backoffMs(retry: number, { baseDelayMs, maxDelayMs }: RetryConfig, random: number): number {
  const full = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(retry - 1, 30));
  return full / 2 + (full / 2) * random;
}
