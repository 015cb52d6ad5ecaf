import type { ErrorClassification, ErrorReply } from "@babylon/provider-kit";

/**
 * Groq's own: its 422 says that the model, not the request, went wrong, and that another attempt may help
 * (console.groq.com/docs/errors, 2026-11). Everything else is the family's.
 */
export function mapError({ status }: ErrorReply, ofFamily: ErrorClassification | null): ErrorClassification | null {
  return ofFamily === null && status === 422 ? { code: "invalid_response" } : ofFamily;
}
