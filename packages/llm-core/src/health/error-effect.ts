import type { LLMErrorCode } from "../errors/error-code.ts";

/**
 * What an error says about the health of its link. `counts`: it may be down. `opens-credential`, `opens-link`: time alone does not mend
 * it. `rests`: it asked for time. `alive`: it answered, only not this request. `nothing`: the error is not the link's.
 */
export type ErrorEffect = "counts" | "opens-credential" | "opens-link" | "rests" | "alive" | "nothing";

/** The effect of each code: the breaker and the shared probes both go by it. */
export const ERROR_EFFECT: Readonly<Record<LLMErrorCode, ErrorEffect>> = {
  timeout: "counts",
  network: "counts",
  overloaded: "counts",
  server: "counts",
  invalid_response: "counts",
  truncated: "counts",
  interrupted: "counts",
  auth: "opens-credential",
  permission: "opens-credential",
  quota: "opens-credential",
  model_not_found: "opens-link",
  rate_limit: "rests",
  context_length: "alive",
  content_filter: "alive",
  invalid_request: "alive",
  unsupported: "alive",
  schema_mismatch: "alive",
  invalid_input: "nothing",
  closed: "nothing",
  aborted: "nothing",
  deadline: "nothing",
  no_provider: "nothing",
  budget: "nothing",
  all_failed: "nothing",
};
