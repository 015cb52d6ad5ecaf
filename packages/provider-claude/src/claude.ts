import type { ModelInfo, ModelRequest, Provider } from "@babylon/llm-core";
import {
  type ApiKey,
  type Ask,
  checkFactoryOptions,
  createAsking,
  createEndpoint,
  createSDKSender,
  type FetchFunction,
} from "@babylon/provider-kit";
import { nodeTransport } from "@babylon/provider-kit/node";
import { fromModelList, type ModelPage } from "./from-model-list.ts";
import { fromResponse } from "./from-response.ts";
import { fromStream } from "./from-stream.ts";
import { loadClient } from "./load-client.ts";
import { mapError } from "./map-error.ts";
import { capabilitiesOf, DEFAULT_MODEL, MODELS, RETIRED } from "./models.ts";
import type { ReplySource } from "./reply-source.ts";
import { toHeaders } from "./to-headers.ts";
import { toRequestBody } from "./to-request-body.ts";

/** Options of {@link claude}. */
export interface ClaudeOptions {
  /** `[a-z][a-z0-9-]*`. Default `claude`. Give one to have Claude twice in a chain. */
  readonly id?: string | undefined;
  /** For people. Default `Claude`. */
  readonly name?: string | undefined;
  /** Default: `ANTHROPIC_API_KEY`. A function is asked at each request. */
  readonly apiKey?: ApiKey | undefined;
  /** Default: `ANTHROPIC_MODEL`, else `claude-sonnet-5-5`. */
  readonly model?: string | undefined;
  /** Default: `ANTHROPIC_BASE_URL`, else `https://api.anthropic.com`. */
  readonly baseURL?: string | undefined;
  /** Added to each request. A browser needs `anthropic-dangerous-direct-browser-access: true`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default: the platform's `fetch`. */
  readonly fetch?: FetchFunction | undefined;
  /** Take a base URL with `http://` for other machines than this one. Default false. */
  readonly allowInsecureHttp?: boolean | undefined;
}

/** Pages of the list of models that are read at the most: far more than there are models. */
const MAX_PAGES = 20;

/**
 * Claude, on Anthropic's Messages API. The official SDK is loaded at the first call.
 *
 * `providerOptions.claude.body` may carry any field of the API, such as `service_tier`, and on parts `cache_control`. The newer
 * models leave the text of their reasoning out unless a call asks for it, with
 * `thinking: { type: "adaptive", display: "summarized" }`.
 *
 * @throws LLMError `invalid_input` with the path of an option that is unknown or wrong
 */
export function claude(options: ClaudeOptions = {}): Provider {
  checkFactoryOptions("claude", options);
  const { id = "claude", name = "Claude", model = null } = options;
  const endpoint = createEndpoint({
    provider: id,
    apiKey: options.apiKey,
    baseURL: options.baseURL,
    allowInsecureHttp: options.allowInsecureHttp,
    envKey: "ANTHROPIC_API_KEY",
    envBaseURL: "ANTHROPIC_BASE_URL",
    defaultBaseURL: "https://api.anthropic.com",
  });
  const { ask, askForText } = createAsking<ReplySource>({
    provider: { id, name },
    endpoint,
    send: createSDKSender(loadClient, nodeTransport(options.fetch)),
    classify: mapError,
    toBody: (request, stream) => toRequestBody(request, id, stream),
    toHeaders: ({ stream, request }, apiKey, { callId, credentials }) =>
      toHeaders({
        provider: id,
        callId,
        apiKey,
        stream,
        hasBody: request !== null,
        factory: options.headers,
        credentials,
        options: request?.providerOptions,
      }),
    toSource: (response, facts, _asked, nowMs) => ({ response, facts, nowMs }),
  });

  const message = (request: ModelRequest, stream: boolean): Ask => ({
    method: "POST",
    path: "/v1/messages",
    stream,
    request,
  });

  return {
    spec: 1,
    id,
    name,
    envKey: "ANTHROPIC_API_KEY",
    keyURL: "https://platform.claude.com/settings/keys",
    envModel: "ANTHROPIC_MODEL",
    envBaseURL: "ANTHROPIC_BASE_URL",
    model,
    defaultModel: DEFAULT_MODEL,
    models: MODELS,
    retired: RETIRED,
    capabilities: capabilitiesOf,
    isConfigured: (env) => endpoint.isConfigured(env),
    configProblems: (env, credentials) => endpoint.problems(env, credentials),

    generate: async (request, context) => askForText(message(request, false), context, fromResponse),

    stream: (request, context) =>
      fromStream(() => ask(message(request, true), context, (reply) => reply), context.signal),

    async listModels(context) {
      const models: ModelInfo[] = [];
      let path: string | null = "/v1/models?limit=1000";
      for (let page = 1; path !== null && page <= MAX_PAGES; page++) {
        const asked: Ask = { method: "GET", path, stream: false, request: null };
        const list: ModelPage = await askForText(asked, context, fromModelList);
        models.push(...list.models);
        path = list.next === null ? null : `/v1/models?limit=1000&after_id=${encodeURIComponent(list.next)}`;
      }
      return models;
    },
  };
}
