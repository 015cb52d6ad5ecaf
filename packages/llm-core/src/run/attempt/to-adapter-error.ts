import { policyOf } from "../../errors/error-policy.ts";
import { isLLMError, LLMError } from "../../errors/llm-error.ts";

/** Converts a value thrown by an adapter to an `LLMError`. */
export function toAdapterError(thrown: unknown): LLMError {
  if (isLLMError(thrown)) {
    // Only the core ends a call. An adapter that reports `aborted` while the call runs has lost its connection.
    if (policyOf(thrown).breaker !== "released") return thrown;
    return new LLMError({ code: "network", message: "the request ended early", cause: thrown });
  }
  return new LLMError({ code: "invalid_response", message: "the adapter failed unexpectedly", cause: thrown });
}
