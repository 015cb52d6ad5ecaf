import type { HedgeOptions } from "../contract/call-options.ts";
import type { LLMClientOptions, RetryOptions } from "../contract/client-options.ts";
import { ownValue } from "../contract/json.ts";
import { DEFAULT_MAX_RESPONSE_BYTES, type Provider } from "../contract/provider.ts";

type Complete<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** Limits of time with every default filled in; `firstTokenMs` is `undefined` while nobody set one, because the default depends on the model. */
export interface TimeLimits {
  readonly firstTokenMs: number | null | undefined;
  readonly idleMs: number | null;
  readonly attemptMs: number | null;
  readonly totalMs: number | null;
}

/** {@link RetryOptions}, complete. */
export type RetryConfig = Complete<RetryOptions>;
/** {@link HedgeOptions}, complete. */
export type HedgeConfig = Complete<HedgeOptions>;

/** First-token limit of models that show life early, and of those that reason silently. */
export const FIRST_TOKEN_MS = 10_000;
export const SILENT_FIRST_TOKEN_MS = 60_000;

/** How long a plan waits for its settings and for keys that have to be fetched: then it is made with those that are known. */
export const PLAN_PATIENCE_MS = 2_000;

const DEFAULT_TIMEOUTS: TimeLimits = { firstTokenMs: undefined, idleMs: 10_000, attemptMs: 60_000, totalMs: 300_000 };
const DEFAULT_RETRY: RetryConfig = { maxRetries: 2, baseDelayMs: 500, maxDelayMs: 8_000, maxRetryAfterMs: 5_000 };
const DEFAULT_HEDGE: HedgeConfig = { quantile: 0.95, minDelayMs: 100 };
const DEFAULT_CONCURRENCY = 64;
const DEFAULT_DRAIN_MS = 10_000;

/** Lays the fields that are set over the defaults. */
export function mergeDefined<T extends object>(
  defaults: T,
  given: { readonly [K in keyof T]?: T[K] | undefined } | undefined,
): T {
  if (given === undefined) return defaults;
  const merged = { ...defaults };
  for (const key of Object.keys(given) as (keyof T)[]) {
    const value = given[key];
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

/** The client's limits with a call's laid over them. */
export function mergeTimeouts(base: TimeLimits, given: LLMClientOptions["timeouts"]): TimeLimits {
  return given === undefined ? base : mergeDefined(base, given);
}

/** The hedge settings that hold, or `null` when hedging is off. */
export function resolveHedge(given: HedgeOptions | boolean | undefined, base: HedgeConfig | null): HedgeConfig | null {
  if (given === undefined) return base;
  if (given === false) return null;
  return mergeDefined(base ?? DEFAULT_HEDGE, given === true ? {} : given);
}

/** The policies of a client, complete. */
export interface ClientConfig {
  readonly timeouts: TimeLimits;
  readonly retry: RetryConfig;
  readonly hedge: HedgeConfig | null;
  readonly coalesce: boolean;
  readonly recordContent: boolean;
  readonly maxResponseBytes: number;
  readonly drainMs: number;
  /** Calls in flight for a provider and credential. */
  maxConcurrency(provider: Provider): number;
}

/** Fills in every default. The options have been checked before. */
export function toClientConfig(options: LLMClientOptions): ClientConfig {
  const { maxConcurrency = {} } = options;
  const byProvider: Readonly<Record<string, number>> =
    typeof maxConcurrency === "number" ? { default: maxConcurrency } : maxConcurrency;
  return {
    timeouts: mergeTimeouts(DEFAULT_TIMEOUTS, options.timeouts),
    retry: mergeDefined(DEFAULT_RETRY, options.retry),
    hedge: resolveHedge(options.hedge, null),
    coalesce: options.coalesce ?? false,
    recordContent: options.recordContent ?? false,
    maxResponseBytes: options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
    drainMs: options.drainMs ?? DEFAULT_DRAIN_MS,
    maxConcurrency: ({ id, maxConcurrency: known }) =>
      ownValue(byProvider, id) ?? byProvider.default ?? known ?? DEFAULT_CONCURRENCY,
  };
}
