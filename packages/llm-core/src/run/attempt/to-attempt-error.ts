import type { AttemptError } from "../../contract/attempt.ts";
import type { LLMError } from "../../errors/llm-error.ts";

/** What a record keeps of an error. */
export function toAttemptError({ code, message, status, retryAfterMs }: LLMError): AttemptError {
  return { code, message, status, retryAfterMs };
}
