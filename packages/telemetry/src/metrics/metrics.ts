import type { AttemptKind, AttemptOutcome, LLMErrorCode, Recorder } from "@babylon/llm-core";
import type { Sketch } from "@babylon/llm-core/sketch";

/** Options of `createMetrics`. */
export interface MetricsOptions {
  /**
   * The agents that are labels; all others count as `other`, and calls without an agent as `none`. Default: none is a label. Agents may be
   * as many as users, and each label costs memory here and in the backend.
   */
  readonly agents?: readonly string[] | undefined;
  /**
   * Most series in memory: one for each provider, model and agent, and one for each agent, outcome and provider of calls. What exceeds them
   * counts in a series with `other` as provider, model and agent. At least 10. Default 2,000.
   */
  readonly maxSeries?: number | undefined;
}

/** Durations, as buckets and as a sum. */
export interface Durations {
  readonly sketch: Sketch;
  /** The sum, milliseconds. */
  readonly totalMs: number;
}

/** A number of attempts that ended in the same way. */
export interface AttemptCount {
  readonly kind: AttemptKind;
  readonly outcome: AttemptOutcome;
  /** `null`: the attempt succeeded. `other`: a code that this version does not know. */
  readonly error: LLMErrorCode | "other" | null;
  readonly count: number;
}

/** Sums of the numbers that providers reported. An unknown number is in none of them: see `unknownUsage`. */
export interface TokenSums {
  /** With those read from and written to a cache. */
  readonly input: number;
  /** With reasoning. */
  readonly output: number;
  /** Part of `input`. */
  readonly cacheRead: number;
  /** Part of `input`. */
  readonly cacheWrite: number;
  /** Part of `cacheWrite`: kept for an hour. */
  readonly longCacheWrite: number;
  /** Part of `output`. */
  readonly reasoning: number;
  /** Part of `input`. */
  readonly audioInput: number;
  /** Part of `output`. */
  readonly audioOutput: number;
}

/** Sums of costs, in billionths of a US dollar. */
export interface CostSums {
  /** The sum of the known costs. */
  readonly nanoUsd: number;
  /** Attempts whose request was sent and whose cost is not known, also without a pricer. They are not in `nanoUsd`. */
  readonly unknownAttempts: number;
  /** The sum of the lower bounds of the unknown costs. */
  readonly unknownLowNanoUsd: number;
  /** The sum of their upper bounds; `null`: one of them has none. */
  readonly unknownHighNanoUsd: number | null;
}

/** The attempts on one model by one agent. */
export interface AttemptSeries {
  readonly provider: string;
  /** The requested model. */
  readonly model: string;
  readonly agent: string;
  readonly attempts: readonly AttemptCount[];
  readonly tokens: TokenSums;
  /** Attempts whose input or output tokens are unknown. */
  readonly unknownUsage: number;
  readonly cost: CostSums;
  /** From start to end, by outcome; an outcome that did not occur is absent. */
  readonly durations: Readonly<Partial<Record<AttemptOutcome, Durations>>>;
  /** To the first text, reasoning or tool part, of attempts that had one. */
  readonly firstTokens: Durations;
}

/** The calls of one agent that ended in the same way. */
export interface CallSeries {
  readonly agent: string;
  readonly outcome: "success" | "failed" | "aborted" | "interrupted";
  /** The provider that answered; `none`: no provider did. */
  readonly provider: string;
  /** Served although an attempt before had failed. */
  readonly rescued: boolean;
  readonly count: number;
}

/** All sums since the metrics were created. Later calls do not change it. */
export interface MetricsSnapshot {
  readonly attempts: readonly AttemptSeries[];
  readonly calls: readonly CallSeries[];
  /** How many attempts and calls counted as `other` because of `maxSeries`. */
  readonly overflow: { readonly attempts: number; readonly calls: number };
}

/** Counters and latency sketches in this process. */
export interface Metrics {
  /** For the `recorders` of one or more clients. */
  readonly recorder: Recorder;
  /** All sums so far. */
  snapshot(): MetricsSnapshot;
}
