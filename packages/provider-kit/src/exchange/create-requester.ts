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

/** Where a request comes from: an attempt of a call, or a request that belongs to no call. */
export type WireRequestContext = RequestContext &
  Partial<Pick<AttemptContext, "callId" | "credentialId" | "onResponse" | "onBytes" | "report">>;

/** What is asked of a vendor's API, beside what the context says. */
export interface WireRequest {
  readonly method: "GET" | "POST";
  /** Below the base URL. */
  readonly path: string;
  /** Whether an event stream is asked for. */
  readonly stream: boolean;
  /** `null` where no model is involved. */
  readonly request: ModelRequest | null;
}

/** What a vendor's replies are read with: at the least for the errors that reading may throw. */
export interface BaseReplySource {
  readonly facts: AttemptFacts;
}

/** A successful reply whose head has arrived. */
export interface WireReply {
  readonly response: TransportResponse;
  readonly facts: AttemptFacts;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Takes what the reply says about itself. `undefined`: nobody keeps a record. */
  readonly report: AttemptContext["report"];
}

/** How a vendor is asked. */
export interface RequesterOptions<S extends BaseReplySource> {
  /** The provider's id and its name for people. */
  readonly provider: { readonly id: string; readonly name: string };
  readonly endpoint: Endpoint;
  readonly send: Sender;
  readonly classify: Classify;
  /** Fields of the body that the vendor insists on: they are never left out because one was refused. Default: none. */
  readonly required?: readonly string[] | undefined;
  /** The body of a request. */
  toBody(request: ModelRequest, stream: boolean): JsonObject;
  /** All headers of a request. */
  toHeaders(asked: WireRequest, apiKey: string | null, context: WireRequestContext): Readonly<Record<string, string>>;
  /** The region that a base URL stands for, where the vendor has one for each. */
  regionOf?(baseURL: string): string | null;
  /** What a reply is read with. */
  toSource(reply: WireReply, asked: WireRequest): S;
}

/** A successful reply whose head has arrived, and what it is read with. */
export interface OpenedReply<S> {
  readonly response: TransportResponse;
  readonly source: S;
  /** To be called for each piece of the body. Absent: nobody waits. */
  readonly onBytes?: AttemptContext["onBytes"];
}

/** Asks a vendor. Both fail with what `openReply` and the endpoint throw. */
export interface Requester<S> {
  /** Resolves with what `read` makes of a successful reply, its body unread. */
  ask<T>(asked: WireRequest, context: WireRequestContext, read: (reply: OpenedReply<S>) => T | Promise<T>): Promise<T>;
  /** The same for a reply that is read whole. */
  askForText<T>(asked: WireRequest, context: WireRequestContext, read: (text: string, source: S) => T): Promise<T>;
}

/** Until a transport says otherwise. */
const NOT_SENT: AttemptReport = { sent: false };

/** Creates the way from a request of core to a reply of a vendor: key and address, body and headers, sending, errors. */
export function createRequester<S extends BaseReplySource>(options: RequesterOptions<S>): Requester<S> {
  const { provider, endpoint, send, classify, required, toBody, toHeaders, toSource } = options;
  const endpointName = createEndpointNamer();

  function askAt<T>(
    { apiKey, baseURL }: ResolvedEndpoint,
    asked: WireRequest,
    context: WireRequestContext,
    read: (reply: OpenedReply<S>) => T | Promise<T>,
  ): Promise<T> {
    const { signal, clock, callId = null, env, maxResponseBytes, report, onBytes } = context;
    const { method, path, stream, request } = asked;
    // Before anything becomes JSON inside a string: there, half a surrogate pair would be an escape that vendors refuse as well.
    const body = request === null ? null : withoutFields(toBody(toWellFormed(request), stream), request.without);
    const headers = toHeaders(asked, apiKey, context);
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
    return openReply(send, { request: apiRequest, facts, classify, required }, context, (response) =>
      read({ response, source: toSource({ response, facts, nowMs: clock.now(), report }, asked), onBytes }),
    );
  }

  function ask<T>(
    asked: WireRequest,
    context: WireRequestContext,
    read: (reply: OpenedReply<S>) => T | Promise<T>,
  ): Promise<T> {
    const { env, credentials, signal, credentialId } = context;
    context.report?.(NOT_SENT);
    const resolved = endpoint.resolve(env, credentials, signal, credentialId);
    if (!(resolved instanceof Promise)) return askAt(resolved, asked, context, read);
    return resolved.then((at) => askAt(at, asked, context, read));
  }

  return {
    ask,
    askForText: (asked, context, read) =>
      ask(asked, context, async ({ response, source }) =>
        read(await readText(response, context.signal, source.facts), source),
      ),
  };
}
