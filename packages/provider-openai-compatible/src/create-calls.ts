import type { ModelRequest } from "@babylon/llm-core";
import { type Classify, createClientSender, createRequester, type WireRequest } from "@babylon/provider-kit";
import type { Endpoint, ProviderCalls } from "@babylon/provider-kit/factory";
import { nodeTransport } from "@babylon/transport-node";
import type { ModelWire } from "./model-traits.ts";
import { fromModelList } from "./reply/from-model-list.ts";
import { fromResponse } from "./reply/from-response.ts";
import { fromStream } from "./reply/from-stream.ts";
import { mapError } from "./reply/map-error.ts";
import type { ReplySource } from "./reply/reply-source.ts";
import { toHeaders } from "./request/to-headers.ts";
import { toRequestBody } from "./request/to-request-body.ts";
import { loadSDKSender } from "./sdk/load-sdk-sender.ts";
import type { CompatibleFactoryOptions, Vendor } from "./vendor.ts";

/** What of a factory's options each request needs. */
export interface CallsOptions extends Pick<CompatibleFactoryOptions, "client" | "headers" | "fetch"> {
  /** The provider's id. */
  readonly id: string;
}

/** A model that is asked not to reason closes no thought. */
const wireFor = (wire: ModelWire, request: ModelRequest | null): ModelWire =>
  wire.thinkTags === true && request?.reasoningEffort === "none" ? { ...wire, thinkTags: "opened" } : wire;

const asksForSeveral = (request: ModelRequest | null): boolean => Number(request?.providerOptions?.body?.n ?? 1) > 1;

/** The calls of a provider of this family. Loaded with the first one, and the SDK with it. */
export async function createCalls(vendor: Vendor, options: CallsOptions, endpoint: Endpoint): Promise<ProviderCalls> {
  const { name, traitsOf, classify: ofVendor } = vendor;
  const { id, client } = options;
  const classify: Classify = ofVendor === undefined ? mapError : (reply) => ofVendor(reply, mapError(reply));

  const { ask, askForText } = createRequester<ReplySource>({
    provider: { id, name },
    endpoint,
    send: client === undefined ? await loadSDKSender(nodeTransport(options.fetch)) : createClientSender(client),
    classify,
    toBody: (request, stream) => toRequestBody(request, { provider: id, traits: traitsOf(request.model), stream }),
    toHeaders: ({ stream, request }, apiKey, { callId = null, credentials, env }) =>
      toHeaders({
        provider: id,
        callId,
        apiKey,
        stream,
        hasBody: request !== null,
        vendor: vendor.headers?.(env),
        factory: options.headers,
        credentials,
        options: request?.providerOptions,
      }),
    regionOf: (baseURL) => vendor.regionOf?.(baseURL) ?? null,
    toSource(reply, { request }) {
      const { wire } = traitsOf(request?.model ?? vendor.defaultModel);
      return { ...reply, wire: wireFor(wire, request), classify, severalAsked: asksForSeveral(request) };
    },
  });

  const chat = (request: ModelRequest, stream: boolean): WireRequest => ({
    method: "POST",
    path: "/chat/completions",
    stream,
    request,
  });

  return {
    generate: async (request, context) => askForText(chat(request, false), context, fromResponse),

    stream: (request, context) => fromStream(() => ask(chat(request, true), context, (reply) => reply), context.signal),

    listModels: async (context) =>
      askForText({ method: "GET", path: "/models", stream: false, request: null }, context, (text, source) =>
        fromModelList(text, source, vendor.models),
      ),
  };
}
