import type { AttemptContext, JsonObject, RequestContext } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { networkError } from "../errors/network-error.ts";
import { type Classify, replyError } from "../errors/reply-error.ts";
import { regionOf } from "../headers/region-of.ts";
import { responseHead } from "../headers/response-head.ts";
import { MAX_ERROR_BYTES } from "../http/byte-limit.ts";
import { readStart } from "../http/read-body.ts";
import type { ApiRequest, Sender } from "../http/sender.ts";
import type { TransportResponse } from "../http/transport.ts";
import { parseStart } from "./parse-start.ts";

/** A request with what is needed for its errors. */
export interface OutgoingRequest {
  readonly request: ApiRequest;
  readonly facts: AttemptFacts;
  readonly classify: Classify;
  /**
   * The fields of the body that may be omitted if the vendor refuses one; `null` for a request without a body. Built only for an error,
   * because a waiting call does not keep its body.
   */
  readonly optionalFields: () => JsonObject | null;
}

/** The parts of a context that a reply is reported to. */
type ReplyContext = Pick<RequestContext, "clock"> & Partial<Pick<AttemptContext, "onResponse" | "report">>;

/**
 * Sends a request, reports the head of the reply to the context and resolves with the result of `read` for a successful reply, whose body
 * is unread. Rejects with the vendor's error for every other status, with `network` if there was no reply, and with the signal's reason.
 */
export function openReply<T>(
  send: Sender,
  outgoing: OutgoingRequest,
  context: ReplyContext,
  read: (response: TransportResponse) => T | Promise<T>,
): Promise<T> {
  const { request, ...errorSource } = outgoing;
  const { facts } = outgoing;
  const { signal } = request;
  // Not an async function, and without a reference to headers and body of the request: thousands of calls are pending here at once.
  return send(request).then(
    (response) => {
      const region = regionOf(response.headers, facts.secrets);
      if (region !== null) context.report?.({ region });
      if (!response.ok) return throwReplyError(response, errorSource, signal, context);
      context.onResponse?.(responseHead(response, facts.secrets, context.clock.now()));
      return read(response);
    },
    (thrown: unknown) => {
      throw networkError(thrown, signal, facts);
    },
  );
}

/** Throws the error of an unsuccessful reply. Only the beginning of its body is read. */
async function throwReplyError(
  response: TransportResponse,
  { facts, classify, optionalFields }: Omit<OutgoingRequest, "request">,
  signal: AbortSignal,
  { clock }: ReplyContext,
): Promise<never> {
  const { status, headers, body } = response;
  const text = body === null ? "" : await orNetworkError(readStart(body, MAX_ERROR_BYTES), signal, facts);
  throw replyError({ status, headers, body: parseStart(text), text }, classify, facts, clock.now(), optionalFields);
}

/**
 * Reads the complete body of a reply. Rejects with `network` if the connection breaks, with `invalid_response` if the body exceeds its
 * limit, and with the signal's reason.
 */
export function readText(response: TransportResponse, signal: AbortSignal, facts: AttemptFacts): Promise<string> {
  return orNetworkError(response.text(), signal, facts);
}

async function orNetworkError(text: Promise<string>, signal: AbortSignal, facts: AttemptFacts): Promise<string> {
  try {
    return await text;
  } catch (thrown) {
    throw networkError(thrown, signal, facts);
  }
}

/** Matches the names of headers that carry keys. */
const SECRET_HEADER = /auth|key|token|secret|cookie/;

/** The keys in a request, which must not appear in an error. */
export function requestSecrets(apiKey: string | null, headers: Readonly<Record<string, string>>): readonly string[] {
  const ofHeaders = Object.keys(headers).filter((name) => SECRET_HEADER.test(name));
  // In `Bearer …` the second word is the key.
  const values = ofHeaders.map((name) => (headers[name] ?? "").replace(/^\w+ +(?=\S+$)/, ""));
  return [...new Set(apiKey === null ? values : [apiKey, ...values])];
}
