import { isHeavyJSON, LLMError } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { requestIdOf } from "../headers/response-head.ts";
import type { TransportResponse } from "../http/transport.ts";
import { isHTML } from "./vendor-message.ts";

/** A reply that is no usable answer: `what` goes on after the name. */
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
 * The JSON of a successful reply's body.
 *
 * @throws LLMError `invalid_response` for a page, nothing, no JSON, or JSON of far too many values, `truncated` for JSON that breaks off
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
    return JSON.parse(text);
  } catch (thrown) {
    const trimmed = text.trim();
    if (trimmed === "") throw responseError("invalid_response", "answered with an empty body", response, facts);
    if (isHTML(trimmed)) {
      throw responseError("invalid_response", "answered with an HTML page", response, facts, text);
    }
    if (trimmed.startsWith("{") && isAtEnd(thrown, text)) {
      throw responseError("truncated", "broke off its answer", response, facts, text);
    }
    throw responseError("invalid_response", "answered with something that is no JSON", response, facts, text);
  }
}

/** Whether JSON went wrong only where it ended. Engines say so in words or with the position; one that does neither is not asked further. */
function isAtEnd(error: unknown, text: string): boolean {
  const message = error instanceof Error ? error.message : "";
  const [, position] = /\bposition (\d+)/.exec(message) ?? [];
  return position === undefined ? /\b(?:end of|EOF)\b/i.test(message) : Number(position) === text.length;
}
