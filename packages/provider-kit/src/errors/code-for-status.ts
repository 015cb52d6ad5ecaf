import type { LLMErrorCode } from "@babylon/llm-core";

const BY_STATUS: Readonly<Record<number, LLMErrorCode>> = {
  401: "auth",
  402: "quota",
  403: "permission",
  404: "model_not_found",
  408: "overloaded",
  409: "overloaded",
  // The body is too large. In a chat request that is the prompt.
  413: "context_length",
  425: "overloaded",
  429: "rate_limit",
  // Groq: no capacity for the flex tier (docs/flex-processing, 2026-11).
  498: "overloaded",
  // Groq: "request cancelled". This request was not canceled by us, so the server failed.
  499: "server",
  503: "overloaded",
  529: "overloaded",
};

/** The code of a status, for replies whose body is not recognized. */
export function codeForStatus(status: number): LLMErrorCode {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return "server";
  if (status >= 400) return "invalid_request";
  // A redirect or an informational status.
  return "invalid_response";
}
