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

/** A reply that is an error, or an error that came inside a reply. */
export interface ErrorReply {
  /** `null` for an error object inside a 200 or a stream that states no status of its own. */
  readonly status: number | null;
  readonly headers: ResponseHeaders;
  /** The body as parsed JSON; `undefined` when it is none. */
  readonly body: unknown;
  /** The body as it came. */
  readonly text: string;
}

/** What a vendor's classifier makes of an error reply. */
export interface ErrorClassification {
  readonly code: LLMErrorCode;
  /** Default: by code. */
  readonly retryable?: boolean;
  /** Default: by code. */
  readonly fallback?: boolean;
  /** A `rate_limit` because too many calls were in flight. Default false. */
  readonly concurrencyLimited?: boolean;
}

/** Reads a vendor's error body; `null` when it says nothing known, and the status decides. */
export type Classify = (reply: ErrorReply) => ErrorClassification | null;

/**
 * The error of a reply. The body is read before the status; `x-should-retry` wins over both about `retryable`.
 *
 * @param classify - knows the vendor's words
 * @param sent - the body of the request, in which a refused part is looked for
 */
export function replyError(
  given: ErrorReply,
  classify: Classify,
  facts: AttemptFacts,
  nowMs: number,
  sent: JsonObject | null = null,
): LLMError {
  // Gemini puts its error into a list of one.
  const reply = Array.isArray(given.body) && given.body.length > 0 ? { ...given, body: given.body[0] } : given;
  const { status, headers, body, text } = reply;
  const redirect = status !== null && status >= 300 && status < 400;
  const verdict = redirect
    ? REDIRECTED
    : (classify(reply) ?? { code: status === null ? "server" : codeForStatus(status) });
  const raw = redirect ? `a redirect to ${placeOf(headers.get("location"))}` : vendorMessage(body, text);
  const said = cleanText(raw, facts);
  const retryable = parseShouldRetry(headers) ?? verdict.retryable;
  const what = status === null ? `${facts.name} sent an error` : `${facts.name} answered ${status}`;
  const mayBePart = sent !== null && isBadRequest(status) && isRefusal(verdict.code);
  return new LLMError({
    code: verdict.code,
    message: said === "" ? what : `${what}: ${said}`,
    provider: facts.provider,
    model: facts.model,
    status,
    ...(retryable === undefined ? {} : { retryable }),
    ...(verdict.fallback === undefined ? {} : { fallback: verdict.fallback }),
    ...(verdict.concurrencyLimited === undefined ? {} : { concurrencyLimited: verdict.concurrencyLimited }),
    refused: mayBePart ? refusedPart(sent, body, raw) : null,
    retryAfterMs: waitOf(reply, nowMs),
    requestId: requestIdOf(headers, facts.secrets),
    callId: facts.callId,
    body: body ?? text,
  });
}

const isBadRequest = (status: number | null): boolean => status === 400 || status === 422;

const isRefusal = (code: LLMErrorCode): boolean => code === "invalid_request" || code === "unsupported";
/** How long the vendor asks to wait, wherever it says so; `null`: it does not. */
export function waitOf({ headers, body, text }: ErrorReply, nowMs: number): number | null {
  return parseRetryAfter(headers, vendorMessage(body, text), nowMs) ?? waitInBody(body);
}

/** A base URL that wants correcting: the same request would be redirected again. */
const REDIRECTED: ErrorClassification = { code: "invalid_response", retryable: false };

/** Origin and path, without a query that may hold a key. */
function placeOf(location: string | null): string {
  if (location === null) return "nowhere";
  const end = location.search(/[?#]/);
  return end === -1 ? location : location.slice(0, end);
}
