import type { AttemptContext, AttemptReport, JsonObject, ModelRequest, RequestContext } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { promptTexts } from "../errors/prompt-texts.ts";
import type { Classify } from "../errors/reply-error.ts";
import type { Endpoint, ResolvedEndpoint } from "../factory/create-endpoint.ts";
import { answerLimit, listLimit } from "../http/byte-limit.ts";
import type { Sender } from "../http/sender.ts";
import type { TransportResponse } from "../http/transport.ts";
import { createEndpointNamer } from "./endpoint-name.ts";
import { openReply, readText, secretsOf } from "./open-reply.ts";

/** Where a request comes from: an attempt of a call, or a request that belongs to no call. */
export type AskContext = RequestContext &
  Partial<Pick<AttemptContext, "callId" | "credentialId" | "onResponse" | "onBytes" | "report">>;

/** What is asked of a vendor's API, beside what the context says. */
export interface Ask {
  readonly method: "GET" | "POST";
  /** Below the base URL. */
  readonly path: string;
  /** Whether an event stream is asked for. */
  readonly stream: boolean;
  /** `null` where no model is involved. */
  readonly request: ModelRequest | null;
}

/** What a vendor's replies are read with: at the least for the errors that reading may throw. */
export interface AskedSource {
  readonly facts: AttemptFacts;
}

/** A successful reply whose head has arrived. */
export interface AskedReply {
  readonly response: TransportResponse;
  readonly facts: AttemptFacts;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Takes what the reply says about itself. `undefined`: nobody keeps a record. */
  readonly report: AttemptContext["report"];
}

/** How a vendor is asked. */
export interface AskingOptions<S extends AskedSource> {
  /** The provider's id and its name for people. */
  readonly provider: { readonly id: string; readonly name: string };
  readonly endpoint: Endpoint;
  readonly send: Sender;
  readonly classify: Classify;
  /** The body of a request. */
  toBody(request: ModelRequest, stream: boolean): JsonObject;
  /** All headers of a request. */
  toHeaders(asked: Ask, apiKey: string | null, context: AskContext): Readonly<Record<string, string>>;
  /** The region that a base URL stands for, where the vendor has one for each. */
  regionOf?(baseURL: string): string | null;
  /** What a reply is read with. */
  toSource(reply: AskedReply, asked: Ask): S;
}

/** A successful reply whose head has arrived, and what it is read with. */
export interface Reply<S> {
  readonly response: TransportResponse;
  readonly source: S;
  /** To be called for each piece of the body. Absent: nobody waits. */
  readonly onBytes?: AttemptContext["onBytes"];
}

/** Asks a vendor. Both fail with what `openReply` and the endpoint throw. */
export interface Asking<S> {
  /** Resolves with what `read` makes of a successful reply, its body unread. */
  ask<T>(asked: Ask, context: AskContext, read: (reply: Reply<S>) => T | Promise<T>): Promise<T>;
  /** The same for a reply that is read whole. */
  askForText<T>(asked: Ask, context: AskContext, read: (text: string, source: S) => T): Promise<T>;
}

/** Until a transport says otherwise. */
const NOT_SENT: AttemptReport = { sent: false };

/** Creates the way from a request of core to a reply of a vendor: key and address, body and headers, sending, errors. */
export function createAsking<S extends AskedSource>(options: AskingOptions<S>): Asking<S> {
  const { provider, endpoint, send, classify, toBody, toHeaders, toSource } = options;
  const endpointName = createEndpointNamer();

  function askAt<T>(
    { apiKey, baseURL }: ResolvedEndpoint,
    asked: Ask,
    context: AskContext,
    read: (reply: Reply<S>) => T | Promise<T>,
  ): Promise<T> {
    const { signal, clock, callId = null, env, maxResponseBytes, report, onBytes } = context;
    const { method, path, stream, request } = asked;
    const body = request === null ? null : toBody(request, stream);
    const headers = toHeaders(asked, apiKey, context);
    const facts: AttemptFacts = {
      provider: provider.id,
      name: provider.name,
      model: request?.model ?? null,
      callId,
      secrets: secretsOf(apiKey, headers),
      prompt: () => (request === null ? [] : promptTexts(request)),
    };
    report?.({ endpoint: endpointName(baseURL, facts.secrets), region: options.regionOf?.(baseURL) ?? null });
    const onSent = report && ((sent: boolean) => report({ sent }));
    const limit = request === null ? listLimit(maxResponseBytes) : answerLimit(maxResponseBytes);
    const apiRequest = { method, baseURL, path, headers, body, signal, env, onSent, limit };
    return openReply(send, { request: apiRequest, facts, classify }, context, (response) =>
      read({ response, source: toSource({ response, facts, nowMs: clock.now(), report }, asked), onBytes }),
    );
  }

  function ask<T>(asked: Ask, context: AskContext, read: (reply: Reply<S>) => T | Promise<T>): Promise<T> {
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
