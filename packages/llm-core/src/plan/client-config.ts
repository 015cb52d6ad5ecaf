import type { HedgeOptions } from "../contract/call-options.ts";
import type { LLMClientOptions } from "../contract/client-options.ts";
import { ownValue } from "../contract/json.ts";
import { DEFAULT_MAX_RESPONSE_BYTES, type Provider } from "../contract/provider.ts";
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_DRAIN_MS,
  DEFAULT_HEDGE,
  DEFAULT_RETRY,
  DEFAULT_TIMEOUTS,
  type HedgeConfig,
  type RetryConfig,
  type TimeLimits,
} from "./client-defaults.ts";

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
