import { type JsonObject, LLMError, type LLMErrorCode } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { parseRetryAfter } from "../headers/parse-retry-after.ts";
import { parseShouldRetry } from "../headers/parse-should-retry.ts";
import { requestIdOf } from "../headers/response-head.ts";
import { waitInBody } from "../headers/wait-in-body.ts";
import type { ResponseHeaders } from "../http/transport.ts";
import { cleanText } from "./clean-text.ts";
import { codeForStatus } from "./code-for-status.ts";
import { refusedPart } from "./refused-part.ts";
import { vendorMessage } from "./vendor-message.ts";

/** An error reply, or an error object inside a successful reply. */
export interface ErrorReply {
  /** `null` for an error object inside a 200 or a stream that does not state a status. */
  readonly status: number | null;
  readonly headers: ResponseHeaders;
  /** The parsed body; `undefined` if it is not JSON. */
  readonly body: unknown;
  /** The raw body. */
  readonly text: string;
}

/** The code of an error reply, and where it deviates from the defaults of that code. */
export interface ErrorClassification {
  readonly code: LLMErrorCode;
  /** Default: by code. */
  readonly retryable?: boolean;
  /** Default: by code. */
  readonly fallback?: boolean;
  /** A `rate_limit` because too many calls were in flight. Default false. */
  readonly concurrencyLimited?: boolean;
}

/** Classifies a vendor's error body; `null` if it is not recognized, and the status decides. */
export type Classify = (reply: ErrorReply) => ErrorClassification | null;

/**
 * Creates the error of a reply. The body takes precedence over the status, and `x-should-retry` over both for `retryable`.
 *
 * @param classify - reads the vendor's error codes and messages
 * @param optionalFields - returns the fields of the request's body that may be omitted, to find a refused one; `null`: there was no body
 */
export function replyError(
  given: ErrorReply,
  classify: Classify,
  facts: AttemptFacts,
  nowMs: number,
  optionalFields: () => JsonObject | null = () => null,
): LLMError {
  // Gemini wraps its error in a list.
  const reply = Array.isArray(given.body) && given.body.length > 0 ? { ...given, body: given.body[0] } : given;
  const { status, headers, body, text } = reply;
  const redirect = status !== null && status >= 300 && status < 400;
  const verdict = redirect
    ? REDIRECTED
    : (classify(reply) ?? { code: status === null ? "server" : codeForStatus(status) });
  const raw = redirect ? `a redirect to ${redirectTarget(headers.get("location"))}` : vendorMessage(body, text);
  const detail = cleanText(raw, facts);
  const retryable = parseShouldRetry(headers) ?? verdict.retryable;
  const what = status === null ? `${facts.name} sent an error` : `${facts.name} answered ${status}`;
  const sent = isBadRequest(status) && isRefusal(verdict.code) ? optionalFields() : null;
  return new LLMError({
    code: verdict.code,
    message: detail === "" ? what : `${what}: ${detail}`,
    provider: facts.provider,
    model: facts.model,
    status,
    ...(retryable === undefined ? {} : { retryable }),
    ...(verdict.fallback === undefined ? {} : { fallback: verdict.fallback }),
    ...(verdict.concurrencyLimited === undefined ? {} : { concurrencyLimited: verdict.concurrencyLimited }),
    refused: sent === null ? null : refusedPart(sent, body, raw),
    retryAfterMs: waitOf(reply, nowMs),
    requestId: requestIdOf(headers, facts.secrets),
    callId: facts.callId,
    body: body ?? text,
  });
}

const isBadRequest = (status: number | null): boolean => status === 400 || status === 422;

const isRefusal = (code: LLMErrorCode): boolean => code === "invalid_request" || code === "unsupported";

/** The wait that a reply states in headers, message or body, in milliseconds; `null` if it states none. */
export function waitOf({ headers, body, text }: ErrorReply, nowMs: number): number | null {
  return parseRetryAfter(headers, vendorMessage(body, text), nowMs) ?? waitInBody(body);
}

/** The base URL is wrong: the same request would be redirected again. */
const REDIRECTED: ErrorClassification = { code: "invalid_response", retryable: false };

/** Origin and path, without the query, which may contain a key. */
function redirectTarget(location: string | null): string {
  if (location === null) return "an unknown location";
  const end = location.search(/[?#]/);
  return end === -1 ? location : location.slice(0, end);
}
