import type { AttemptError } from "../../contract/attempt.ts";
import type { LLMError } from "../../errors/llm-error.ts";

/** The error as an attempt record stores it. */
export function toAttemptError({ code, message, status, retryAfterMs }: LLMError): AttemptError {
  return { code, message, status, retryAfterMs };
}
