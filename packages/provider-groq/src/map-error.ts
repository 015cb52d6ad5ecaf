import type { ErrorClassification, ErrorReply } from "@babylon/provider-kit";

/**
 * Classifies Groq's 422, which means that the model failed, not the request, and that another attempt may succeed
 * (console.groq.com/docs/errors, 2026-11). Everything else is classified by the family.
 */
export function mapError({ status }: ErrorReply, ofFamily: ErrorClassification | null): ErrorClassification | null {
  return ofFamily === null && status === 422 ? { code: "invalid_response" } : ofFamily;
}
