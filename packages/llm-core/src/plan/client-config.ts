import type { HedgeOptions } from "../contract/call-options.ts";
import type { LLMClientOptions, RetryOptions } from "../contract/client-options.ts";
import { ownValue } from "../contract/json.ts";
import { DEFAULT_MAX_RESPONSE_BYTES, type Provider } from "../contract/provider.ts";

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

const DEFAULT_TIMEOUTS: TimeLimits = { firstTokenMs: undefined, idleMs: 10_000, attemptMs: 60_000, totalMs: 300_000 };
const DEFAULT_RETRY: RetryConfig = { maxRetries: 2, baseDelayMs: 500, maxDelayMs: 8_000, maxRetryAfterMs: 5_000 };
const DEFAULT_HEDGE: HedgeConfig = { quantile: 0.95, minDelayMs: 100 };
const DEFAULT_CONCURRENCY = 64;
const DEFAULT_DRAIN_MS = 10_000;

/** Merges the defined fields of `overrides` into the defaults. */
export function mergeDefined<T extends object>(
  defaults: T,
  overrides: { readonly [K in keyof T]?: T[K] | undefined } | undefined,
): T {
  if (overrides === undefined) return defaults;
  const merged = { ...defaults };
  for (const key of Object.keys(overrides) as (keyof T)[]) {
    const value = overrides[key];
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

/** Merges the time limits of a call into those of the client. */
export function mergeTimeouts(base: TimeLimits, overrides: LLMClientOptions["timeouts"]): TimeLimits {
  return overrides === undefined ? base : mergeDefined(base, overrides);
}

/** The resolved hedging options; `null`: hedging is off. */
export function resolveHedge(option: HedgeOptions | boolean | undefined, base: HedgeConfig | null): HedgeConfig | null {
  if (option === undefined) return base;
  if (option === false) return null;
  return mergeDefined(base ?? DEFAULT_HEDGE, option === true ? {} : option);
}

/** The resolved options of a client. */
export interface ClientConfig {
  readonly timeouts: TimeLimits;
  readonly retry: RetryConfig;
  readonly hedge: HedgeConfig | null;
  readonly coalesce: boolean;
  readonly recordContent: boolean;
  readonly maxResponseBytes: number;
  readonly drainMs: number;
  /** Maximum calls in flight per provider and credential. */
  maxConcurrency(provider: Provider): number;
}

/** Resolves the options of a client, which are already validated. */
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
    maxConcurrency: (provider) =>
      ownValue(byProvider, provider.id) ?? byProvider.default ?? provider.maxConcurrency ?? DEFAULT_CONCURRENCY,
  };
}
