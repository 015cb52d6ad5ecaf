/** What usage can be grouped and filtered by. */
export type UsageDimension = "provider" | "model" | "agent" | "tenant" | "purpose" | "outcome";

/** The period of one row; `all`: from `from` to `to`. */
export type UsageBucket = "hour" | "day" | "month" | "all";

/**
 * Accepted names by dimension; `""` is the name of calls without one, such as calls without an agent. A call must match every dimension that
 * is present. Default: all calls.
 */
export type RecordFilter = {
  readonly [D in UsageDimension]?: string | readonly string[] | undefined;
};

/** Input of `usage()`. */
export interface UsageQuery {
  /** Epoch milliseconds: calls that started at or after this. */
  readonly from: number;
  /** Epoch milliseconds: calls that started before this. */
  readonly to: number;
  /** An IANA time zone, such as `Asia/Kathmandu`: hours, days and months are those of its clocks. */
  readonly timeZone: string;
  readonly bucket: UsageBucket;
  /** Default: none, one row for each period. */
  readonly by?: readonly UsageDimension[] | undefined;
  readonly where?: RecordFilter | undefined;
  /** Keeps the groups with the highest cost, then the most calls; the others become one group named `(other)`. Default: all groups. */
  readonly top?: number | undefined;
  /** The share of the work that is done, from 0 to 1, for queries that read rows. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Cancels a query that reads rows. */
  readonly abortSignal?: AbortSignal | undefined;
}

/** Milliseconds, with a relative error of at most 1.1 %; `null`: no durations. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** The figures of one group in one period. */
export interface UsageRow {
  /** The start of the period in the time zone, epoch milliseconds. The first period may begin before `from`; only calls since `from` count. */
  readonly at: number;
  /** A name for each dimension of `by`. */
  readonly group: Readonly<Record<string, string>>;
  /** By provider or model: calls that it answered; calls without an answer have the name `""`. */
  readonly calls: number;
  /** Calls that failed or were interrupted. */
  readonly failed: number;
  /** Calls that the caller canceled. */
  readonly aborted: number;
  /** Successful calls with at least one failed attempt. */
  readonly rescued: number;
  /** Successful calls that another provider or model answered than that of the first attempt. */
  readonly fallbacks: number;
  /** By provider or model, here and below: attempts there. */
  readonly attempts: number;
  readonly failedAttempts: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** Attempts whose input or output tokens are not known, and are not in the sums. */
  readonly unknownUsage: number;
  /** The known costs, in billionths of a US dollar. */
  readonly nanoUsd: number;
  /** Lower bound of all costs, also of those that are not known exactly. */
  readonly lowNanoUsd: number;
  /** Attempts whose cost is not known, and is not in `nanoUsd`. */
  readonly unknownCost: number;
  /** Duration of successful calls; by provider or model, of successful attempts there. */
  readonly latency: Percentiles;
  /** Time to the first token of the same calls or attempts. */
  readonly firstToken: Percentiles;
}
