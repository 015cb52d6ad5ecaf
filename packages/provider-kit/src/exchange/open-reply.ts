import type { AttemptContext, RequestContext } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { networkError } from "../errors/network-error.ts";
import { withoutFields } from "../errors/refused-part.ts";
import { type Classify, replyError } from "../errors/reply-error.ts";
import { regionOf } from "../headers/region-of.ts";
import { responseHead } from "../headers/response-head.ts";
import { MAX_ERROR_BYTES } from "../http/byte-limit.ts";
import { readStart } from "../http/read-body.ts";
import type { ApiRequest, Sender } from "../http/sender.ts";
import type { TransportResponse } from "../http/transport.ts";
import { parseStart } from "./parse-start.ts";

/** What an attempt sends, and what its errors say. */
export interface OutgoingRequest {
  readonly request: ApiRequest;
  readonly facts: AttemptFacts;
  readonly classify: Classify;
  /** Fields of the body that no request is sent without, whatever the vendor says of them. */
  readonly required?: readonly string[] | undefined;
}

/** The clock, and who wants to know of the reply. */
type ReplyContext = Pick<RequestContext, "clock"> & Partial<Pick<AttemptContext, "onResponse" | "report">>;

/**
 * Sends a request and resolves with what `read` makes of a successful reply, whose head has arrived and whose body is unread; the
 * context has been told of the head. Rejects with the vendor's error for every other status, with `network` when nothing came, and
 * with the signal's reason.
 */
export function openReply<T>(
  send: Sender,
  outgoing: OutgoingRequest,
  context: ReplyContext,
  read: (response: TransportResponse) => T | Promise<T>,
): Promise<T> {
  const { request, facts } = outgoing;
  // Not an async function: thousands of calls wait here at once, and this is a third of one.
  return send(request).then(
    (response) => {
      const region = regionOf(response.headers, facts.secrets);
      if (region !== null) context.report?.({ region });
      if (!response.ok) return refuse(response, outgoing, context);
      context.onResponse?.(responseHead(response, facts.secrets, context.clock.now()));
      return read(response);
    },
    (thrown: unknown) => {
      throw networkError(thrown, request.signal, facts);
    },
  );
}

/** Throws the error of a reply that is no success, by the beginning of its body. */
async function refuse(
  response: TransportResponse,
  { request, facts, classify, required }: OutgoingRequest,
  { clock }: ReplyContext,
): Promise<never> {
  const { status, headers, body } = response;
  const optional = request.body === null ? null : withoutFields(request.body, required);
  const text = body === null ? "" : await reading(readStart(body, MAX_ERROR_BYTES), request.signal, facts);
  throw replyError({ status, headers, body: parseStart(text), text }, classify, facts, clock.now(), optional);
}

/**
 * The whole body of a reply. Rejects with `network` when the connection breaks, with `invalid_response` when it is larger than its
 * limit, and with the signal's reason.
 */
export function readText(response: TransportResponse, signal: AbortSignal, facts: AttemptFacts): Promise<string> {
  return reading(response.text(), signal, facts);
}

async function reading(text: Promise<string>, signal: AbortSignal, facts: AttemptFacts): Promise<string> {
  try {
    return await text;
  } catch (thrown) {
    throw networkError(thrown, signal, facts);
  }
}

/** Names of headers whose values are keys. */
const SECRET_HEADER = /auth|key|token|secret|cookie/;

/** The keys of a request: they must not be quoted in an error. */
export function requestSecrets(apiKey: string | null, headers: Readonly<Record<string, string>>): readonly string[] {
  const ofHeaders = Object.keys(headers).filter((name) => SECRET_HEADER.test(name));
  // Of `Bearer …` the second word is the key.
  const values = ofHeaders.map((name) => (headers[name] ?? "").replace(/^\w+ +(?=\S+$)/, ""));
  return [...new Set(apiKey === null ? values : [apiKey, ...values])];
}
