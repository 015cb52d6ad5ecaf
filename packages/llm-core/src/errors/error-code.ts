/** Every way a call can fail. What follows from each is decided in `nextStep`. */
export type LLMErrorCode =
  | "invalid_input"
  | "closed"
  | "aborted"
  | "deadline"
  | "timeout"
  | "network"
  | "rate_limit"
  | "overloaded"
  | "server"
  | "quota"
  | "auth"
  | "permission"
  | "model_not_found"
  | "context_length"
  | "content_filter"
  | "unsupported"
  | "invalid_request"
  | "invalid_response"
  | "truncated"
  | "interrupted"
  | "schema_mismatch"
  | "no_provider"
  | "budget"
  | "all_failed";

/** What an error of a code allows when the adapter says nothing else. */
export interface CodeDefaults {
  /** The same link may be tried again. */
  readonly retryable: boolean;
  /** The next link may be tried. */
  readonly fallback: boolean;
}

const stop: CodeDefaults = { retryable: false, fallback: false };
const fallBack: CodeDefaults = { retryable: false, fallback: true };
const retryThenFallBack: CodeDefaults = { retryable: true, fallback: true };

/** The `retryable` and `fallback` an error gets from its code. */
export const CODE_DEFAULTS: Readonly<Record<LLMErrorCode, CodeDefaults>> = {
  invalid_input: stop,
  closed: stop,
  aborted: stop,
  deadline: stop,
  timeout: fallBack,
  network: retryThenFallBack,
  rate_limit: retryThenFallBack,
  overloaded: retryThenFallBack,
  server: retryThenFallBack,
  quota: fallBack,
  auth: fallBack,
  permission: fallBack,
  model_not_found: fallBack,
  context_length: fallBack,
  content_filter: stop,
  unsupported: fallBack,
  invalid_request: fallBack,
  invalid_response: retryThenFallBack,
  truncated: retryThenFallBack,
  interrupted: stop,
  schema_mismatch: fallBack,
  no_provider: stop,
  budget: fallBack,
  all_failed: stop,
};

/** Whether a value is one of the codes. */
export function isLLMErrorCode(value: unknown): value is LLMErrorCode {
  return typeof value === "string" && Object.hasOwn(CODE_DEFAULTS, value);
}
