import type { AdminErrorCode, AdminFailure } from "../contract.ts";

const STATUS: Readonly<Partial<Record<AdminErrorCode, number>>> = {
  unauthorized: 401,
  forbidden: 403,
  cross_site: 403,
  not_found: 404,
  method_not_allowed: 405,
  body_timeout: 408,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  invalid_body: 400,
  invalid_query: 400,
  missing_key: 400,
  unknown_provider: 422,
  unknown_version: 422,
  unknown_call: 404,
  unknown_budget: 404,
  unknown_experiment: 404,
  unknown_dataset: 404,
  unknown_job: 404,
  unknown_evaluation: 404,
  not_better: 422,
  not_servable: 422,
  trainer_refused: 422,
  tuning_conflict: 409,
  start_unknown: 409,
  no_provider_left: 422,
  rate_limited: 429,
  internal: 500,
  settings_unavailable: 503,
  write_unknown: 503,
  records_unavailable: 503,
  budgets_unavailable: 503,
  experiments_unavailable: 503,
  tuning_unavailable: 503,
  trainer_unavailable: 503,
};

/** The fields of a failure in addition to its message and code. */
export type FailureFacts = Omit<AdminFailure, "success" | "error" | "code">;

/** The reason why a request cannot be served. */
export class AdminError extends Error {
  override readonly name = "AdminError";
  readonly code: AdminErrorCode;
  readonly facts: FailureFacts;

  constructor(code: AdminErrorCode, message: string, facts: FailureFacts = {}) {
    super(message);
    this.code = code;
    this.facts = facts;
  }

  /** The HTTP status. Codes of a failed test are a 502: the provider failed, not this server. */
  get status(): number {
    return STATUS[this.code] ?? 502;
  }
}
