import type { HedgeOptions } from "../contract/call-options.ts";
import type { RetryOptions } from "../contract/client-options.ts";

type Complete<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** Time limits with defaults. `firstTokenMs` is `undefined` unless it was set: its default depends on the model. */
export interface TimeLimits {
  readonly firstTokenMs: number | null | undefined;
  readonly idleMs: number | null;
  readonly attemptMs: number | null;
  readonly totalMs: number | null;
}

/** {@link RetryOptions} with defaults. */
export type RetryConfig = Complete<RetryOptions>;
/** {@link HedgeOptions} with defaults. */
export type HedgeConfig = Complete<HedgeOptions>;

/** Default first-token limit. */
export const FIRST_TOKEN_MS = 10_000;
/** Default first-token limit of models that reason without sending parts. */
export const SILENT_FIRST_TOKEN_MS = 60_000;

/** How long a plan waits for settings and for keys that are loaded asynchronously. After that it uses the cached ones. */
export const PLAN_TIMEOUT_MS = 2_000;

/** Default time limits, of the parts of a call and of all of it. */
export const DEFAULT_TIMEOUTS: TimeLimits = {
  firstTokenMs: undefined,
  idleMs: 10_000,
  attemptMs: 60_000,
  totalMs: 300_000,
};
/** Default retries. */
export const DEFAULT_RETRY: RetryConfig = {
  maxRetries: 2,
  baseDelayMs: 500,
  maxDelayMs: 8_000,
  maxRetryAfterMs: 5_000,
};
/** Hedging, where it is switched on without options. */
export const DEFAULT_HEDGE: HedgeConfig = { quantile: 0.95, minDelayMs: 100 };
/** Calls in flight per provider and credential. */
export const DEFAULT_CONCURRENCY: number = 64;
/** How long `close` waits. */
export const DEFAULT_DRAIN_MS: number = 10_000;
