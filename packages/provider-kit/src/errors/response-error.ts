import { isHeavyJSON, LLMError } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { requestIdOf } from "../headers/response-head.ts";
import type { TransportResponse } from "../http/transport.ts";
import { parseExactJSON } from "../wire/exact-json.ts";
import { isHTML } from "./vendor-message.ts";

/** The error of a successful reply that is not a usable answer. `what` continues the message after the provider's name. */
export function responseError(
  code: "invalid_response" | "truncated" | "overloaded",
  what: string,
  response: Pick<TransportResponse, "status" | "headers">,
  facts: AttemptFacts,
  body?: unknown,
): LLMError {
  return new LLMError({
    code,
    message: `${facts.name} ${what}`,
    provider: facts.provider,
    model: facts.model,
    status: response.status,
    requestId: requestIdOf(response.headers, facts.secrets),
    callId: facts.callId,
    body,
  });
}

/**
 * Parses the body of a successful reply.
 *
 * @throws LLMError `invalid_response` for an HTML page, an empty body, invalid JSON, or JSON with far too many values; `truncated` for JSON
 *   that is cut off
 */
export function parseResponseJSON(
  text: string,
  response: Pick<TransportResponse, "status" | "headers">,
  facts: AttemptFacts,
): unknown {
  if (isHeavyJSON(text)) {
    throw responseError("invalid_response", "answered with JSON of more values than fit into 128 MB", response, facts);
  }
  try {
    return parseExactJSON(text);
  } catch (thrown) {
    const trimmed = text.trim();
    if (trimmed === "") throw responseError("invalid_response", "answered with an empty body", response, facts);
    if (isHTML(trimmed)) {
      throw responseError("invalid_response", "answered with an HTML page", response, facts, text);
    }
    if (trimmed.startsWith("{") && isAtEnd(thrown, text)) {
      throw responseError("truncated", "sent an incomplete answer", response, facts, text);
    }
    throw responseError("invalid_response", "answered with a body that is not JSON", response, facts, text);
  }
}

/** Whether JSON is invalid only at its end. Engines state this in words or as a position; other messages count as no. */
function isAtEnd(error: unknown, text: string): boolean {
  const message = error instanceof Error ? error.message : "";
  const [, position] = /\bposition (\d+)/.exec(message) ?? [];
  return position === undefined ? /\b(?:end of|EOF)\b/i.test(message) : Number(position) === text.length;
}
