import type { LLMErrorCode } from "../errors/error-code.ts";

/** The predicate for each error code, in a sentence whose subject is the provider. */
const WORDS: Readonly<Record<LLMErrorCode, string>> = {
  invalid_input: "was called with wrong options",
  closed: "was closed",
  aborted: "was canceled",
  deadline: "does not answer in time",
  timeout: "does not answer in time",
  network: "cannot be reached",
  rate_limit: "is rate limited",
  overloaded: "is overloaded",
  server: "answers with errors",
  quota: "has no credit left",
  budget: "is over its budget",
  auth: "refuses its key",
  permission: "does not permit this to its key",
  model_not_found: "does not know the model",
  context_length: "has too small a context",
  content_filter: "filters the content",
  unsupported: "does not support the request",
  invalid_request: "refuses the request",
  invalid_response: "sends invalid answers",
  truncated: "cuts its answers off",
  interrupted: "cuts its answers off",
  schema_mismatch: "answers in the wrong form",
  no_provider: "is not available",
  all_failed: "fails",
};

/** Describes the problem of a provider: `is overloaded`, `refuses its key`; `keeps failing` for an unknown code. */
export function describeErrorCode(code: string | null): string {
  const words: Readonly<Record<string, string>> = WORDS;
  return code !== null && Object.hasOwn(words, code) ? (words[code] ?? "keeps failing") : "keeps failing";
}
