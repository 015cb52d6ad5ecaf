import type { RetryConfig } from "../config/client-config.ts";
import type { LLMErrorCode } from "../errors/error-code.ts";
import type { LLMError } from "../errors/llm-error.ts";
import { backoffMs } from "./backoff.ts";

/** What follows a failed attempt. */
export type NextStep =
  | { readonly kind: "retry"; readonly delayMs: number }
  | { readonly kind: "fall-back" }
  | { readonly kind: "throw" };

/** What the decision depends on, beside the error. */
export interface NextStepState {
  /** Retries made on this link so far. */
  readonly retries: number;
  /** Links that may still be tried after this one. */
  readonly linksAfter: number;
  /** `null`: no deadline. */
  readonly timeLeftMs: number | null;
  readonly retry: RetryConfig;
  readonly fallbackOnContentFilter: boolean;
  /** 0 up to 1. */
  readonly random: number;
}

/** Faults of a connection or of one answer: a second attempt at once tells whether it was chance. */
const ONCE: ReadonlySet<LLMErrorCode> = new Set(["network", "invalid_response", "truncated"]);

const THROW: NextStep = { kind: "throw" };
const FALL_BACK: NextStep = { kind: "fall-back" };

/** How long to wait before the same link is tried again; `null`: it is not. */
function retryDelayMs(error: LLMError, state: NextStepState): number | null {
  const { retry, retries, timeLeftMs, linksAfter, random } = state;
  const allowed = ONCE.has(error.code) ? Math.min(1, retry.maxRetries) : retry.maxRetries;
  if (!error.retryable || retries >= allowed) return null;
  const asked = error.retryAfterMs;
  if (asked !== null && asked > retry.maxRetryAfterMs) return null;
  const delayMs =
    asked ?? (ONCE.has(error.code) ? (retry.baseDelayMs / 5) * random : backoffMs(retries + 1, retry, random));
  const fits = timeLeftMs === null || delayMs < timeLeftMs / (linksAfter + 1);
  return fits ? delayMs : null;
}

/** Decides what follows a failed attempt. The table of the error codes, as a function; pure. */
export function nextStep(error: LLMError, state: NextStepState): NextStep {
  const delayMs = retryDelayMs(error, state);
  if (delayMs !== null) return { kind: "retry", delayMs };
  const mayFallBack = error.fallback || (error.code === "content_filter" && state.fallbackOnContentFilter);
  return mayFallBack && state.linksAfter > 0 ? FALL_BACK : THROW;
}
