import { policyOf } from "../errors/error-policy.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { RetryConfig } from "../plan/client-defaults.ts";

/** Maximum retry delay while another link is ready: with both requests, the call falls back within 200 ms. */
const QUICK_MS = 100;

/** Whether a retry on the same link may succeed: the error is retryable, and its `retryAfterMs` is not too long. */
export function isWorthRetrying({ retryable, retryAfterMs }: LLMError, { maxRetryAfterMs }: RetryConfig): boolean {
  return retryable && (retryAfterMs === null || retryAfterMs <= maxRetryAfterMs);
}

/** Whether the link may work again soon after such an error, even if this call does not retry it. */
export function mayServeSoon(error: LLMError, config: RetryConfig): boolean {
  const { retry, healsWithTime } = policyOf(error);
  // If the code allows retries, `retryable` as set by the adapter decides.
  return isWorthRetrying(error, config) || (healsWithTime && retry === false);
}

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

/** What the delay depends on, in addition to the error. */
export interface RetryDelayInput {
  readonly retry: RetryConfig;
  /** Retries made on this link so far. */
  readonly retries: number;
  /** 0 up to 1. */
  readonly random: number;
}

/**
 * The delay before the next retry of a link, milliseconds: what its reply names, else a short one if another link is ready or the code
 * asks for it, else the backoff.
 *
 * @param isLast - no other link is ready
 */
export function retryDelayMs(error: LLMError, { retry, retries, random }: RetryDelayInput, isLast: boolean): number {
  if (error.retryAfterMs !== null) return error.retryAfterMs;
  const isQuick = !isLast || (retries === 0 && policyOf(error).retry === "quick");
  return isQuick ? (Math.min(QUICK_MS, retry.baseDelayMs) * (1 + random)) / 2 : backoffMs(retries + 1, retry, random);
}
