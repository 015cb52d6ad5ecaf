import type { LLMErrorCode, SystemSettings } from "@babylon/llm-core";
import type { TestFailure } from "./chain-test.ts";

/** Every way a request can fail; a test also fails with the codes of `LLMError`. */
export type AdminErrorCode =
  | "unauthorized"
  | "forbidden"
  | "cross_site"
  | "not_found"
  | "method_not_allowed"
  | "unsupported_media_type"
  | "too_large"
  | "body_timeout"
  | "invalid_body"
  | "invalid_query"
  | "unknown_provider"
  | "unknown_version"
  | "unknown_call"
  | "unknown_budget"
  | "unknown_experiment"
  | "unknown_dataset"
  | "unknown_job"
  | "unknown_evaluation"
  | "not_better"
  | "not_servable"
  | "trainer_refused"
  | "tuning_conflict"
  | "start_unknown"
  | "no_provider_left"
  | "missing_key"
  | "conflict"
  | "rate_limited"
  | "settings_unavailable"
  | "write_unknown"
  | "records_unavailable"
  | "budgets_unavailable"
  | "experiments_unavailable"
  | "tuning_unavailable"
  | "trainer_unavailable"
  | "internal"
  | LLMErrorCode;

/** The stored settings, sent with a conflict. */
export interface CurrentSettings {
  readonly settings: SystemSettings;
  readonly version: number | null;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
}

/** One error in a body or a query. */
export interface BodyIssue {
  /** Dotted; empty for the whole body. In a query the name of the parameter. */
  readonly path: string;
  readonly message: string;
}

/** The reply of every failure. */
export interface AdminFailure {
  readonly success: false;
  /** A message for the visitor. */
  readonly error: string;
  readonly code: AdminErrorCode;
  /** With `internal`: the id under which the server's log has the cause. */
  readonly id?: string;
  /** With `conflict`. */
  readonly current?: CurrentSettings;
  /** With `invalid_body` and `invalid_query`. */
  readonly issues?: readonly BodyIssue[];
  /** With a failed test. */
  readonly test?: TestFailure;
  /** With `rate_limited`, milliseconds. */
  readonly retryAfterMs?: number;
}

/** The reply of every success. */
export interface AdminSuccess<T> {
  readonly success: true;
  readonly data: T;
  readonly message?: string;
}

/** A reply. */
export type AdminReply<T> = AdminSuccess<T> | AdminFailure;
