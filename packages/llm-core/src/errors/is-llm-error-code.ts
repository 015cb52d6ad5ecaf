import type { LLMErrorCode } from "./error-code.ts";
import { ERROR_POLICY } from "./error-policy.ts";

/** Whether a value is an {@link LLMErrorCode}. */
export function isLLMErrorCode(value: unknown): value is LLMErrorCode {
  return typeof value === "string" && Object.hasOwn(ERROR_POLICY, value);
}
