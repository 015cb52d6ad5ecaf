import type { AttemptGate } from "./attempt-gate.ts";
import type { Breaker } from "./breaker.ts";
import type { CallObserver } from "./call-observer.ts";
import type { HedgeOptions, Timeouts } from "./call-options.ts";
import type { Recorder } from "./call-record.ts";
import type { CallRouter } from "./call-router.ts";
import type { Clock } from "./clock.ts";
import type { Env } from "./env.ts";
import type { Logger } from "./logger.ts";
import type { Pricer } from "./pricer.ts";
import type { Provider } from "./provider.ts";
import type { SettingsSource, SystemSettings } from "./settings.ts";
import type { SharedSlots } from "./shared-slots.ts";

/** How often and how long the same link is tried again. */
export interface RetryOptions {
  /** More calls after the first one. Default 2. */
  readonly maxRetries?: number | undefined;
  /** The first wait, doubled each time. Default 500 ms. */
  readonly baseDelayMs?: number | undefined;
  /** No backoff is longer. Default 8 s. */
  readonly maxDelayMs?: number | undefined;
  /** A provider that asks for a longer wait is left for the next link. Default 5 s. */
  readonly maxRetryAfterMs?: number | undefined;
}

/** When a link that fails is left alone, and for how long. */
export interface BreakerOptions {
  /** Opens after so many failures in a row. Default 5. */
  readonly consecutiveFailures?: number | undefined;
  /** Opens when this share of the calls in the window failed. Default 0.5. */
  readonly failureRate?: number | undefined;
  /** The share counts from so many calls in the window on. Default 20. */
  readonly minimumCalls?: number | undefined;
  /** Default 30 s. */
  readonly windowMs?: number | undefined;
  /** How long it stays open the first time; doubled at each failed probe. Up to a quarter of each cool-down is left out at random. Default 5 s. */
  readonly coolDownMs?: number | undefined;
  /** No cool-down is longer. Default 10 s. */
  readonly maxCoolDownMs?: number | undefined;
  /** How long after a refused key, a spent quota or an unknown model. Default 300 s. */
  readonly credentialCoolDownMs?: number | undefined;
  /** A link that asked for a longer rest is probed after so long. Default 15 min. */
  readonly maxRestMs?: number | undefined;
}

/** Options of `createLLMClient`. */
export interface LLMClientOptions {
  /** In priority order; ids unique. */
  readonly providers: readonly Provider[];
  /** What an operator changed: a fixed value, or a source that is read at each plan. Default: nothing is changed. */
  readonly settings?: SettingsSource | SystemSettings | undefined;
  /** Default: the process environment where there is one. Read at each plan. */
  readonly env?: Env | undefined;
  readonly timeouts?: Timeouts | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Numbers for the built-in circuit breaker, or another breaker, such as one that processes share. */
  readonly breaker?: BreakerOptions | Breaker | undefined;
  /**
   * Calls in flight per provider and credential: one number, or by provider id with `default` for the others. `Infinity`: no
   * limit. Default: what the provider's package says (8 for some), else 64.
   */
  readonly maxConcurrency?: number | Readonly<Record<string, number>> | undefined;
  /** Leases of the concurrency limits that processes share. Default: each process has its own limit. */
  readonly slots?: SharedSlots | undefined;
  /** Start the next link beside a slow one. Default off. */
  readonly hedge?: HedgeOptions | boolean | undefined;
  /** Let identical `generateText` calls in flight share one answer. Default off. */
  readonly coalesce?: boolean | undefined;
  /**
   * How much of one response is read, in bytes, counted after decompression: 1 to 524,288,000 (500 MB). Default 67,108,864 (64 MB).
   * A larger response ends its attempt with `invalid_response`, its socket is closed, and the next link is tried. Fixed limits hold
   * beside it: 16 MB for one line or event of a stream, 8 MB for a list of models; of an error body 64 KB are read.
   */
  readonly maxResponseBytes?: number | undefined;
  readonly recorders?: readonly Recorder[] | undefined;
  /** See calls while they run, such as for traces. */
  readonly observers?: readonly CallObserver[] | undefined;
  /** May refuse an attempt, after its slot and before its request; asked in this order. */
  readonly gates?: readonly AttemptGate[] | undefined;
  /** Says what each attempt costs. Default: costs are not known. */
  readonly pricer?: Pricer | undefined;
  /** Assigns calls to arms of experiments, before the configuration is resolved. */
  readonly router?: CallRouter | undefined;
  /** How long `close()` waits for recorders after the last call, milliseconds. Default 10 s. */
  readonly drainMs?: number | undefined;
  /** Put prompts and answers into the records. Default false. */
  readonly recordContent?: boolean | undefined;
  /** Default: silent. */
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** 0 up to 1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Makes call ids. Default `crypto.randomUUID`. */
  readonly createCallId?: (() => string) | undefined;
}
