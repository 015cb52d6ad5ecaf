import {
  type AttemptContext,
  type AttemptReport,
  type JsonObject,
  type ModelRequest,
  type RequestContext,
  toWellFormed,
} from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { promptTexts } from "../errors/prompt-texts.ts";
import { withoutFields } from "../errors/refused-part.ts";
import type { Classify } from "../errors/reply-error.ts";
import type { Endpoint, ResolvedEndpoint } from "../factory/create-endpoint.ts";
import { answerLimit, listLimit } from "../http/byte-limit.ts";
import type { Sender } from "../http/sender.ts";
import type { TransportResponse } from "../http/transport.ts";
import { createEndpointNamer } from "./endpoint-name.ts";
import { openReply, readText, requestSecrets } from "./open-reply.ts";

/** The context of a request: an attempt of a call, or a request outside any call. */
export type WireRequestContext = RequestContext &
  Partial<Pick<AttemptContext, "callId" | "credentialId" | "isLive" | "onResponse" | "onBytes" | "report">>;

/** One request to a vendor's API. */
export interface WireRequest {
  readonly method: "GET" | "POST";
  /** Below the base URL. */
  readonly path: string;
  /** Whether an event stream is requested. */
  readonly stream: boolean;
  /** `null` where no model is involved. */
  readonly request: ModelRequest | null;
}

/** What every source of a reply has: the facts for its errors. */
export interface BaseReplySource {
  readonly facts: AttemptFacts;
}

/** A successful reply whose head has arrived. */
export interface WireReply {
  readonly response: TransportResponse;
  readonly facts: AttemptFacts;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** The caller reads the parts of the stream while they arrive. */
  readonly isLive: boolean;
  /** Records what the reply states about itself. `undefined`: nothing is recorded. */
  readonly report: AttemptContext["report"];
}

/** How requests to a vendor are built and sent. */
export interface RequesterOptions<S extends BaseReplySource> {
  /** The provider's id and its display name. */
  readonly provider: { readonly id: string; readonly name: string };
  readonly endpoint: Endpoint;
  readonly send: Sender;
  readonly classify: Classify;
  /** Required fields of the body: they are never omitted, even if the vendor refused one. Default: none. */
  readonly required?: readonly string[] | undefined;
  /** Builds the body of a request. */
  toBody(request: ModelRequest, stream: boolean): JsonObject;
  /** Builds all headers of a request. */
  toHeaders(
    wireRequest: WireRequest,
    apiKey: string | null,
    context: WireRequestContext,
  ): Readonly<Record<string, string>>;
  /** The region of a base URL, for vendors with regional base URLs. */
  regionOf?(baseURL: string): string | null;
  /** Builds the source from which the mappers read a reply. */
  toSource(reply: WireReply, wireRequest: WireRequest): S;
}

/** A successful reply whose head has arrived, with its source. */
export interface OpenedReply<S> {
  readonly response: TransportResponse;
  readonly source: S;
  /** Called for each piece of the body. */
  readonly onBytes?: AttemptContext["onBytes"];
}

/** Sends requests to a vendor. Both methods fail with the errors of `openReply` and of the endpoint; `send` may also throw them. */
export interface Requester<S> {
  /** Resolves with the result of `read` for a successful reply whose body is unread. */
  send<T>(
    wireRequest: WireRequest,
    context: WireRequestContext,
    read: (reply: OpenedReply<S>) => T | Promise<T>,
  ): Promise<T>;
  /** As `send`, for a reply that is read completely. Throws nothing synchronously. */
  sendForText<T>(
    wireRequest: WireRequest,
    context: WireRequestContext,
    read: (text: string, source: S) => T,
  ): Promise<T>;
}

/** Reported until the transport reports otherwise. */
const NOT_SENT: AttemptReport = { sent: false };

/** Creates a {@link Requester}: it resolves key and base URL, builds headers and body, sends the request and throws typed errors. */
export function createRequester<S extends BaseReplySource>(options: RequesterOptions<S>): Requester<S> {
  const { provider, endpoint, classify, required, toBody, toHeaders, toSource } = options;
  const endpointName = createEndpointNamer();

  function bodyOf({ request, stream }: WireRequest): JsonObject | null {
    // Before any part is serialized as JSON inside a string: there a lone surrogate becomes an escape that vendors refuse as well.
    return request === null ? null : withoutFields(toBody(toWellFormed(request), stream), request.without);
  }

  const withoutRequired = (body: JsonObject | null): JsonObject | null =>
    body === null ? null : withoutFields(body, required);

  function sendTo<T>(
    { apiKey, baseURL }: ResolvedEndpoint,
    wireRequest: WireRequest,
    context: WireRequestContext,
    read: (reply: OpenedReply<S>) => T | Promise<T>,
  ): Promise<T> {
    const { signal, clock, callId = null, env, maxResponseBytes, report, onBytes } = context;
    const isLive = wireRequest.stream && context.isLive === true;
    const { method, path, request } = wireRequest;
    const body = bodyOf(wireRequest);
    const headers = toHeaders(wireRequest, apiKey, context);
    const facts: AttemptFacts = {
      provider: provider.id,
      name: provider.name,
      model: request?.model ?? null,
      callId,
      secrets: requestSecrets(apiKey, headers),
      prompt: () => (request === null ? [] : promptTexts(request)),
    };
    report?.({ endpoint: endpointName(baseURL, facts.secrets), region: options.regionOf?.(baseURL) ?? null });
    const onSent = report && ((sent: boolean) => report({ sent }));
    const limit = request === null ? listLimit(maxResponseBytes) : answerLimit(maxResponseBytes);
    const apiRequest = { method, baseURL, path, headers, body, signal, env, onSent, limit };
    const optionalFields = (): JsonObject | null => withoutRequired(bodyOf(wireRequest));
    return openReply(options.send, { request: apiRequest, facts, classify, optionalFields }, context, (response) =>
      read({
        response,
        source: toSource({ response, facts, nowMs: clock.now(), isLive, report }, wireRequest),
        onBytes,
      }),
    );
  }

  function send<T>(
    wireRequest: WireRequest,
    context: WireRequestContext,
    read: (reply: OpenedReply<S>) => T | Promise<T>,
  ): Promise<T> {
    const { env, credentials, signal, credentialId } = context;
    context.report?.(NOT_SENT);
    const resolved = endpoint.resolve(env, credentials, signal, credentialId);
    if (!(resolved instanceof Promise)) return sendTo(resolved, wireRequest, context, read);
    return resolved.then((to) => sendTo(to, wireRequest, context, read));
  }

  return {
    send,
    sendForText(wireRequest, context, read) {
      // Not an async function, which would be two promises more for each call in flight.
      try {
        return send(wireRequest, context, async ({ response, source }) =>
          read(await readText(response, context.signal, source.facts), source),
        );
      } catch (thrown) {
        return Promise.reject(thrown);
      }
    },
  };
}
