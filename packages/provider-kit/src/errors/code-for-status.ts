import type { LLMErrorCode } from "@babylon/llm-core";

const BY_STATUS: Readonly<Record<number, LLMErrorCode>> = {
  401: "auth",
  402: "quota",
  403: "permission",
  404: "model_not_found",
  408: "overloaded",
  409: "overloaded",
  // The body is too large, which for a chat request means the prompt.
  413: "context_length",
  425: "overloaded",
  429: "rate_limit",
  // Groq: no capacity for the flex tier (docs/flex-processing, 2026-11).
  498: "overloaded",
  // Groq: "request cancelled"; ours was not, or nobody would be reading this.
  499: "server",
  503: "overloaded",
  529: "overloaded",
};

/** The code of a reply by its status alone, when its body said nothing known. */
export function codeForStatus(status: number): LLMErrorCode {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return "server";
  if (status >= 400) return "invalid_request";
  // A redirect, or something that is no answer at all.
  return "invalid_response";
}
