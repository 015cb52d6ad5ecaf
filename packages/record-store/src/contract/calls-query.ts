import type { CallRecord } from "@babylon/llm-core";
import type { RecordFilter } from "./usage-query.ts";

/** Input of `calls()`. */
export interface CallsQuery {
  /** By provider and model: calls that it answered. */
  readonly where?: RecordFilter | undefined;
  /** Epoch milliseconds: calls that started at or after this, and before that. Default: all. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** `next` of the page before. Default: the newest calls. */
  readonly before?: string | undefined;
  /** From 1 to 1,000. */
  readonly limit: number;
}

/** Input of `read()`. */
export type ReadQuery = Pick<CallsQuery, "where" | "from" | "to">;

/** A call in the log. */
export interface CallSummary
  extends Pick<
    CallRecord,
    | "callId"
    | "startedAt"
    | "durationMs"
    | "firstTokenMs"
    | "outcome"
    | "agent"
    | "tenant"
    | "purpose"
    | "provider"
    | "model"
    | "totalUsage"
    | "cost"
    | "error"
  > {
  /** Number of attempts. */
  readonly attempts: number;
}

/** One page of the log, newest calls first. */
export interface CallsPage {
  readonly calls: readonly CallSummary[];
  /** The cursor of the next page; `null`: this is the last one. */
  readonly next: string | null;
}
