import { policyOf } from "../errors/error-policy.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { RetryConfig } from "../plan/client-config.ts";
import { backoffMs } from "./backoff.ts";

/** What follows a failed attempt. `wait`: no link is ready; the call waits for one that recovers. */
export type NextStep =
  | { readonly kind: "retry"; readonly delayMs: number }
  | { readonly kind: "fall-back" }
  | { readonly kind: "wait" }
  | { readonly kind: "throw" };

/** What the decision depends on, beside the error. */
export interface NextStepState {
  /** Retries made on this link so far. */
  readonly retries: number;
  /** Links that have not been tried and are ready. */
  readonly readyLinks: number;
  /** Links that have not been tried and are not ready: open, resting, or being probed. */
  readonly awayLinks: number;
  /** The link may be asked again now: its circuit is closed, and its retry budget is not spent. */
  readonly mayRetry: boolean;
  /** `null`: no deadline. */
  readonly timeLeftMs: number | null;
  readonly retry: RetryConfig;
  readonly fallbackOnContentFilter: boolean;
  /** 0 up to 1. */
  readonly random: number;
}

/** A retry comes no later than this while another link is ready: with both requests it leaves the call there within 200 ms. */
const QUICK_MS = 100;

const THROW: NextStep = { kind: "throw" };
const FALL_BACK: NextStep = { kind: "fall-back" };
const WAIT: NextStep = { kind: "wait" };

/** Whether asking the same link again may help: the error says so, and names no wait that is too long. */
export function isWorthRetrying({ retryable, retryAfterMs }: LLMError, { maxRetryAfterMs }: RetryConfig): boolean {
  return retryable && (retryAfterMs === null || retryAfterMs <= maxRetryAfterMs);
}

/** Whether the link may serve soon after such an error, although this call does not ask it again. */
export function mayServeSoon(error: LLMError, config: RetryConfig): boolean {
  const { retry, healsWithTime } = policyOf(error);
  // Where the code allows a retry, the adapter's word about this error counts.
  return isWorthRetrying(error, config) || (healsWithTime && retry === false);
}

function retryDelayMs(error: LLMError, { retry, retries, random }: NextStepState, isLast: boolean): number {
  if (error.retryAfterMs !== null) return error.retryAfterMs;
  const isQuick = !isLast || (retries === 0 && policyOf(error).retry === "quick");
  return isQuick ? (Math.min(QUICK_MS, retry.baseDelayMs) * (1 + random)) / 2 : backoffMs(retries + 1, retry, random);
}

/**
 * Decides what follows a failed attempt. While another link is ready, a link gets at most one retry, at once or after the wait that
 * its reply names; on the last ready link `maxRetries` counts. A link that may not be asked again is waited for. Pure.
 */
export function nextStep(error: LLMError, state: NextStepState): NextStep {
  const { retry, retries, readyLinks, awayLinks, mayRetry, timeLeftMs } = state;
  const mayFallBack = error.fallback || (state.fallbackOnContentFilter && policyOf(error).fallback === "opt-in");
  const isLast = readyLinks === 0 || !mayFallBack;
  const allowed = isLast ? retry.maxRetries : Math.min(1, retry.maxRetries);
  if (retries < allowed && isWorthRetrying(error, retry)) {
    const delayMs = retryDelayMs(error, state, isLast);
    const fits = timeLeftMs === null || delayMs < timeLeftMs / (mayFallBack ? readyLinks + awayLinks + 1 : 1);
    if (fits && mayRetry) return { kind: "retry", delayMs };
    if (fits && isLast) return WAIT;
  }
  if (!mayFallBack) return THROW;
  if (readyLinks > 0) return FALL_BACK;
  return awayLinks > 0 ? WAIT : THROW;
}
