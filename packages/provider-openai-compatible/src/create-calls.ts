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

/** The factory options that the calls use. */
export interface CallsOptions extends Pick<CompatibleFactoryOptions, "client" | "headers" | "fetch"> {
  /** The provider's id. */
  readonly id: string;
}

/**
 * Whether a missing opening tag is assumed for this request. With `reasoningEffort: "none"` a model does not write a closing tag; and the text
 * of a model that may not reason is not held back from a reader.
 */
function wireFor(wire: ModelWire, request: ModelRequest | null, isLive: boolean): ModelWire {
  if (wire.thinkTags === false) return wire;
  const isOpened = request?.reasoningEffort === "none" || (wire.thinkTags === "unsure" && isLive);
  return isOpened || wire.thinkTags === "unsure" ? { ...wire, thinkTags: isOpened ? "opened" : true } : wire;
}

const requestsSeveral = (request: ModelRequest | null): boolean => Number(request?.providerOptions?.body?.n ?? 1) > 1;

/** Creates the calls of a provider of this family. Loaded together with the SDK at the first call. */
export async function createCalls(vendor: Vendor, options: CallsOptions, endpoint: Endpoint): Promise<ProviderCalls> {
  const { name, traitsOf, classify: classifyVendorError } = vendor;
  const { id, client } = options;
  const classify: Classify =
    classifyVendorError === undefined ? mapError : (reply) => classifyVendorError(reply, mapError(reply));

  const { send, sendForText } = createRequester<ReplySource>({
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
      return {
        ...reply,
        wire: wireFor(wire, request, reply.isLive),
        classify,
        multipleAnswers: requestsSeveral(request),
      };
    },
  });

  const chat = (request: ModelRequest, stream: boolean): WireRequest => ({
    method: "POST",
    path: "/chat/completions",
    stream,
    request,
  });

  return {
    generate: (request, context) => sendForText(chat(request, false), context, fromResponse),

    stream: (request, context) =>
      fromStream(() => send(chat(request, true), context, (reply) => reply), context.signal),

    listModels: async (context) =>
      sendForText({ method: "GET", path: "/models", stream: false, request: null }, context, (text, source) =>
        fromModelList(text, source, vendor.models),
      ),
  };
}
