import type { Exchange } from "../provider-wire.ts";
import type { SimulatedRefusal } from "../simulated-refusal.ts";

/** Anthropic's error envelope. */
export const claudeError = (
  status: number,
  type: string,
  message: string,
  { requestId }: Exchange,
  details: unknown = null,
): SimulatedRefusal => ({
  status,
  body: { type: "error", error: { type, message, ...(details === null ? {} : { details }) }, request_id: requestId },
});

/** Anthropic's typical error for a status. Sources: its error-codes page and `@anthropic-ai/sdk` 1.12 (2026-11). */
const TYPICAL: Readonly<Record<number, readonly [type: string, message: string, details?: unknown]>> = {
  400: ["invalid_request_error", "Invalid request."],
  401: ["authentication_error", "Invalid bearer token"],
  402: [
    "billing_error",
    "Your organization has reached its spend limit.",
    { error_code: "linked_organization_spend_limit_reached" },
  ],
  403: ["permission_error", "Your API key does not have permission to use the specified resource."],
  404: ["not_found_error", "The requested resource could not be found."],
  408: ["timeout_error", "Request timed out."],
  409: ["conflict_error", "The request conflicts with another one."],
  500: ["api_error", "Internal server error"],
  503: ["overloaded_error", "Service temporarily unavailable"],
  504: ["timeout_error", "Request timed out. Consider streaming long requests."],
  529: ["overloaded_error", "Overloaded"],
};

/** The usual body and headers of a status. */
export function claudeTypicalError(status: number, exchange: Exchange): SimulatedRefusal {
  // Large bodies are refused by Cloudflare in front of the API.
  if (status === 413) return { status, body: "<html><head><title>413 Request Entity Too Large</title></head></html>" };
  if (status === 429) {
    const message = "This request would exceed your organization's rate limit of 4,000 requests per minute.";
    return { ...claudeError(429, "rate_limit_error", message, exchange), headers: { "retry-after": "1" } };
  }
  const fallback =
    status >= 500
      ? (["api_error", "Internal server error"] as const)
      : (["invalid_request_error", "Invalid request."] as const);
  const [type, message, details] = TYPICAL[status] ?? fallback;
  return claudeError(status, type, message, exchange, details ?? null);
}
