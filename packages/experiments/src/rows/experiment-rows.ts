import type { ExclusionReason, Exposure } from "@babylon/llm-core";

/** The metrics that follow from the record of a call; stored with its exposure. */
export const RECORD_METRICS = [
  "latencyMs",
  "firstTokenMs",
  "costUsd",
  "failure",
  "fallback",
  "outputTokens",
  "schemaFailures",
] as const;

/** The name of a metric that follows from the record of a call. */
export type RecordMetric = (typeof RECORD_METRICS)[number];

/** One call in one experiment. Contains neither content nor the id of its unit. */
export interface ExposureRow {
  readonly experiment: string;
  readonly version: number;
  readonly arm: string;
  /** The keyed hash of the unit's id. */
  readonly unit: string;
  readonly callId: string;
  /** The start of the call, epoch milliseconds. */
  readonly at: number;
  readonly probability: number;
  readonly served: Exposure["served"];
  /** `null`: the call is in the experiment. */
  readonly excluded: ExclusionReason | null;
  /** The call that this one is a copy of, for a shadow arm; `null`: it is an ordinary call. */
  readonly shadowOf: string | null;
  /** The keyed hash of the tenant, so that its rows can be erased; `null`: the call has none. */
  readonly tenant: string | null;
  /** `null`: not known. */
  readonly values: Readonly<Record<RecordMetric, number | null>>;
}

/** A value of a metric that was observed after a call. */
export interface ObservationRow {
  /** The call, or the keyed hash of the unit. */
  readonly of: { readonly callId: string } | { readonly unit: string };
  readonly metric: string;
  readonly value: number;
  /** When it was observed, epoch milliseconds. */
  readonly at: number;
}

/** Rows to store. */
export interface RowBatch {
  readonly exposures: readonly ExposureRow[];
  readonly observations: readonly ObservationRow[];
}

/** The source of a metric's values: the record, or observations up to `windowMs` after the start of the call. */
export type MetricSource =
  | {
      readonly kind: "record";
      readonly metric: RecordMetric;
      /** 1 for a value above this, else 0, instead of the value. */
      readonly above?: number | undefined;
    }
  | { readonly kind: "observed"; readonly metric: string; readonly windowMs: number };

/** The values of one metric in the calls of a unit. */
export interface MetricSums {
  /** Calls with a value, and the sum of the values. */
  readonly count: number;
  readonly sum: number;
  /** The same of the calls that the intended link served. */
  readonly servedCount: number;
  readonly servedSum: number;
  /** Calls without a value whose window is still open. */
  readonly pending: number;
  /** The value that was observed of the unit itself; `null`: none. It replaces those of its calls. */
  readonly ofUnit: number | null;
}

/** The calls of one unit. */
export interface UnitSums {
  readonly arm: string;
  /** The unit has calls in more than one arm. */
  readonly isMixed: boolean;
  readonly calls: number;
  readonly servedCalls: number;
  readonly fallbacks: number;
  /** In the order of the query. */
  readonly metrics: readonly MetricSums[];
}

/** Selects the rows of one version of an experiment. */
export interface RowsQuery {
  readonly experiment: string;
  readonly version: number;
  readonly metrics: readonly MetricSource[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Of the sums of units: only calls that started before this, with what was observed before it, epoch milliseconds. Default: all. */
  readonly until?: number | undefined;
}

/** One call of a unit, with the value of one metric. */
export interface UnitCall {
  readonly unit: string;
  readonly arm: string;
  /** The start of the call, epoch milliseconds. */
  readonly at: number;
  /** The intended link served it. */
  readonly isIntended: boolean;
  /** `null`: not known. */
  readonly value: number | null;
  /** When the value became known, epoch milliseconds. */
  readonly valueAt: number;
  /** The value that was observed of the unit itself, and when; `null`: none. */
  readonly ofUnit: { readonly value: number; readonly at: number } | null;
}

/** Which value of an arm's calls is asked for. */
export interface QuantileQuery {
  readonly arm: string;
  readonly metric: RecordMetric;
  /** From 0 to 1: this share of the calls has at most the value. */
  readonly quantile: number;
}

/** The calls of a shadow arm: sums per metric, and of the squares. */
export interface ShadowSums {
  readonly arm: string;
  readonly calls: number;
  readonly metrics: readonly { readonly count: number; readonly sum: number; readonly squares: number }[];
}

/** One version of an experiment. */
export interface ExperimentVersion {
  readonly experiment: string;
  readonly version: number;
}

/** Whose rows are erased: those of a unit or a tenant, by its keyed hash, or of one call. */
export type EraseTarget = { readonly unit: string } | { readonly tenant: string } | { readonly callId: string };

/** Selects the rows that are no longer needed. */
export interface PruneQuery {
  /** Only versions of experiments without a call since then, epoch milliseconds. */
  readonly before: number;
  /** Whether a version of an experiment has ended. */
  hasEnded(version: ExperimentVersion): boolean;
}

/** Periodic work that one process does for all. */
export type PeriodicWork = "guard" | "prune";

/** Where exposures and observations are stored. Rows are added, and removed only by {@link erase} and {@link prune}. Calls reject with `StorageError`. */
export interface ExperimentRows {
  /** A path, or a URL without credentials. */
  readonly location: string;
  /** The secret for hashes of units, made when the rows were created. */
  readonly hashSecret: string;
  /** Stores rows; those that are stored already are ignored, so a batch may be repeated. */
  add(batch: RowBatch): Promise<void>;
  /** The sums of each unit, in pages, so that neither memory nor the event loop is blocked by many units. */
  unitSums(query: RowsQuery): AsyncIterable<readonly UnitSums[]>;
  /** The calls with the first metric of the query, unit by unit, in pages. */
  unitCalls(query: RowsQuery): AsyncIterable<readonly UnitCall[]>;
  /** A quantile of the values of an arm's calls, of a sample of its units if there are many; `null`: it has none. */
  quantile(query: RowsQuery, of: QuantileQuery): Promise<number | null>;
  /** The shadow arms. */
  shadowSums(query: RowsQuery): Promise<readonly ShadowSums[]>;
  /** The number of calls that were excluded, by reason. */
  excluded(query: RowsQuery): Promise<Readonly<Partial<Record<ExclusionReason, number>>>>;
  /** Removes calls with their copies and what was observed of them. Returns the number of calls. */
  erase(target: EraseTarget): Promise<number>;
  /** Removes versions of experiments that ended long ago, in small steps, with what was observed of their calls. Returns the number of exposures. */
  prune(query: PruneQuery): Promise<number>;
  /** Whether this process may do periodic work now: one process each `forMs`. */
  takeTurn(work: PeriodicWork, forMs: number, nowEpochMs: number): Promise<boolean>;
  /** Closes the connection. */
  close(): Promise<void>;
}
