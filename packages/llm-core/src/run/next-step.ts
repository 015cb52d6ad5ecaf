import { policyOf } from "../errors/error-policy.ts";
import type { LLMError } from "../errors/llm-error.ts";
import { isWorthRetrying, type RetryDelayInput, retryDelayMs } from "./retry-delay.ts";

/** The step after a failed attempt. `wait`: no link is ready; the call waits for one to recover. */
export type NextStep =
  | { readonly kind: "retry"; readonly delayMs: number }
  | { readonly kind: "fall-back" }
  | { readonly kind: "wait" }
  | { readonly kind: "throw" };

/** What the decision depends on, in addition to the error. */
export interface NextStepState extends RetryDelayInput {
  /** Untried links that are ready. */
  readonly readyLinks: number;
  /** Untried links that are not ready: open, resting, or being probed. */
  readonly awayLinks: number;
  /** Whether the link may be tried again now: its circuit is closed, and its retry budget is not used up. */
  readonly mayRetry: boolean;
  /** `null`: no deadline. */
  readonly timeLeftMs: number | null;
  readonly fallbackOnContentFilter: boolean;
}

const THROW: NextStep = { kind: "throw" };
const FALL_BACK: NextStep = { kind: "fall-back" };
const WAIT: NextStep = { kind: "wait" };

/**
 * Decides the step after a failed attempt. While another link is ready, a link gets at most one retry, immediately or after the delay that
 * its reply names; the last ready link gets `maxRetries`. If the last link may not be retried now, the call waits for it. Pure.
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
