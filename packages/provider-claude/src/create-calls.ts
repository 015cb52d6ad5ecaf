import type { ModelInfo, ModelRequest } from "@babylon/llm-core";
import {
  checkListLength,
  createClientSender,
  createRequester,
  type FetchFunction,
  type SDKClient,
  type WireRequest,
} from "@babylon/provider-kit";
import type { Endpoint, ProviderCalls } from "@babylon/provider-kit/factory";
import { nodeTransport } from "@babylon/transport-node";
import type { ModelFacts } from "./models.ts";
import { fromModelList, type ModelPage } from "./reply/from-model-list.ts";
import { fromResponse } from "./reply/from-response.ts";
import { fromStream } from "./reply/from-stream.ts";
import { mapError } from "./reply/map-error.ts";
import type { ReplySource } from "./reply/reply-source.ts";
import { toHeaders } from "./request/to-headers.ts";
import { toRequestBody } from "./request/to-request-body.ts";
import { loadSDKSender } from "./sdk/load-sdk-sender.ts";

/** The factory options that the calls use. */
export interface CallsOptions {
  readonly id: string;
  readonly name: string;
  readonly client: SDKClient | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly fetch: FetchFunction | undefined;
}

/** Maximum pages of the list of models: far more than there are models. */
const MAX_PAGES = 20;

/** Creates Claude's calls. Loaded together with the SDK at the first call. */
export async function createCalls(
  { id, name, client, headers, fetch }: CallsOptions,
  endpoint: Endpoint,
  { models: known, traitsOf }: ModelFacts,
): Promise<ProviderCalls> {
  const { send, sendForText } = createRequester<ReplySource>({
    provider: { id, name },
    endpoint,
    send: client === undefined ? await loadSDKSender(nodeTransport(fetch)) : createClientSender(client),
    classify: mapError,
    required: ["max_tokens"],
    toBody: (request, stream) => toRequestBody(request, { provider: id, traits: traitsOf(request.model), stream }),
    toHeaders: ({ stream, request }, apiKey, { callId = null, credentials }) =>
      toHeaders({
        provider: id,
        callId,
        apiKey,
        stream,
        hasBody: request !== null,
        factory: headers,
        credentials,
        options: request?.providerOptions,
      }),
    toSource: (reply) => reply,
  });

  const message = (request: ModelRequest, stream: boolean): WireRequest => ({
    method: "POST",
    path: "/v1/messages",
    stream,
    request,
  });

  return {
    generate: (request, context) => sendForText(message(request, false), context, fromResponse),

    stream: (request, context) =>
      fromStream(() => send(message(request, true), context, (reply) => reply), context.signal),

    async listModels(context) {
      const models: ModelInfo[] = [];
      let length = 0;
      let path: string | null = "/v1/models?limit=1000";
      for (let page = 1; path !== null && page <= MAX_PAGES; page++) {
        const wireRequest: WireRequest = { method: "GET", path, stream: false, request: null };
        const list: ModelPage = await sendForText(wireRequest, context, (text, source) => {
          length += text.length;
          checkListLength(length, context, source.facts);
          return fromModelList(text, source, known);
        });
        models.push(...list.models);
        path = list.next === null ? null : `/v1/models?limit=1000&after_id=${encodeURIComponent(list.next)}`;
      }
      return models;
    },
  };
}
