import type { ErrorReply, Verdict } from "@babylon/provider-kit";
import { mapError as mapFamilyError } from "@babylon/provider-openai-compatible";

/**
 * Groq's own: its 422 says that the model, not the request, went wrong, and that another attempt may help
 * (console.groq.com/docs/errors, 2026-11). Everything else is the family's.
 */
export function mapError(reply: ErrorReply): Verdict | null {
  const verdict = mapFamilyError(reply);
  return verdict === null && reply.status === 422 ? { code: "invalid_response" } : verdict;
}
