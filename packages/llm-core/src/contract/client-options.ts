import type { AttemptGate } from "./attempt-gate.ts";
import type { Breaker } from "./breaker.ts";
import type { CallObserver } from "./call-observer.ts";
import type { HedgeOptions, Timeouts } from "./call-options.ts";
import type { Recorder } from "./call-record.ts";
import type { CallRouter } from "./call-router.ts";
import type { Clock } from "./clock.ts";
import type { Env } from "./env.ts";
import type { Logger } from "./logger.ts";
import type { LazyPricer, Pricer } from "./pricer.ts";
import type { Provider } from "./provider.ts";
import type { SettingsSource, SystemSettings } from "./settings.ts";
import type { SharedSlots } from "./shared-slots.ts";

/** Number and delay of retries on the same link. */
export interface RetryOptions {
  /** Retries after the first attempt. Default 2. */
  readonly maxRetries?: number | undefined;
  /** The first backoff delay; doubled at each retry. Default 500 ms. */
  readonly baseDelayMs?: number | undefined;
  /** Maximum backoff delay. Default 8 s. */
  readonly maxDelayMs?: number | undefined;
  /** A link whose reply names a longer wait is not retried; the next link is tried. Default 5 s. */
  readonly maxRetryAfterMs?: number | undefined;
}

/** When the circuit breaker opens a link, and for how long. */
export interface BreakerOptions {
  /** Opens after this number of consecutive failures. Default 5. */
  readonly consecutiveFailures?: number | undefined;
  /** Opens when this share of the calls in the window failed. Default 0.5. */
  readonly failureRate?: number | undefined;
  /** Minimum number of calls in the window for `failureRate` to apply. Default 20. */
  readonly minimumCalls?: number | undefined;
  /** Default 30 s. */
  readonly windowMs?: number | undefined;
  /** The first cool-down; doubled at each failed probe. Each one is shortened by a random part of up to a quarter. Default 5 s. */
  readonly coolDownMs?: number | undefined;
  /** Maximum cool-down. Default 10 s. */
  readonly maxCoolDownMs?: number | undefined;
  /** Cool-down after a refused key, an exhausted quota or an unknown model. Default 300 s. */
  readonly credentialCoolDownMs?: number | undefined;
  /** Maximum time that a provider can suspend a link (`retry-after`) before it is probed. Default 15 min. */
  readonly maxRestMs?: number | undefined;
}

/** Options of `createLLMClient`. */
export interface LLMClientOptions {
  /** In order of priority, with unique ids. */
  readonly providers: readonly Provider[];
  /** The operator's settings: a fixed value, or a source that is read at each plan. Default: none. */
  readonly settings?: SettingsSource | SystemSettings | undefined;
  /** Default: the process environment, where the platform has one. Read at each plan. */
  readonly env?: Env | undefined;
  readonly timeouts?: Timeouts | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Options of the built-in circuit breaker, or another breaker, such as one that processes share. */
  readonly breaker?: BreakerOptions | Breaker | undefined;
  /**
   * Maximum calls in flight per provider and credential: one number, or numbers by provider id with `default` for the others.
   * `Infinity`: no limit. Default: that of the provider's package (8 for some), else 64.
   */
  readonly maxConcurrency?: number | Readonly<Record<string, number>> | undefined;
  /** Leases of concurrency limits that processes share. Default: each process has its own limit. */
  readonly slots?: SharedSlots | undefined;
  /** Start the next link in parallel to a slow one. Default off. */
  readonly hedge?: HedgeOptions | boolean | undefined;
  /** Share one answer among identical `generateText` calls in flight. Default off. */
  readonly coalesce?: boolean | undefined;
  /**
   * Maximum size of one response, bytes after decompression: 1 to 524,288,000 (500 MB). Default 67,108,864 (64 MB). A larger response
   * ends its attempt with `invalid_response`, its socket is closed, and the next link is tried. These limits are fixed: 16 MB for one
   * line or event of a stream, 8 MB for a list of models, 64 KB for an error body.
   */
  readonly maxResponseBytes?: number | undefined;
  readonly recorders?: readonly Recorder[] | undefined;
  /** Observe calls while they run, such as for traces. */
  readonly observers?: readonly CallObserver[] | undefined;
  /** May refuse an attempt, after its slot and before its request. Called in this order. */
  readonly gates?: readonly AttemptGate[] | undefined;
  /** Prices each attempt. Default: costs are not known. */
  readonly pricer?: Pricer | LazyPricer | undefined;
  /** Assigns calls to arms of experiments, before the configuration is resolved. */
  readonly router?: CallRouter | undefined;
  /** Maximum time that `close()` waits for recorders after the last call, and for a stream that is not read, milliseconds. Default 10 s. */
  readonly drainMs?: number | undefined;
  /** Include prompts and answers in the records. Default false. */
  readonly recordContent?: boolean | undefined;
  /** Default: silent. */
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** Random numbers for jitter: at least 0, below 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Creates call ids. Default `crypto.randomUUID`. */
  readonly createCallId?: (() => string) | undefined;
}
