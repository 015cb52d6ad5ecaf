import type {
  AttemptContext,
  JsonObject,
  ModelInfo,
  ModelRequest,
  ModelResponse,
  Provider,
  StreamPart,
} from "@babylon/llm-core";
import {
  type ApiKey,
  abortable,
  checkFactoryOptions,
  createEndpoint,
  type FetchFunction,
  fetchTransport,
  networkError,
  responseHead,
  type TransportResponse,
} from "@babylon/provider-kit";
import { fromModelList } from "./from-model-list.ts";
import { fromResponse } from "./from-response.ts";
import { fromStream } from "./from-stream.ts";
import { joinHeaders } from "./join-headers.ts";
import { capabilitiesOf, DEFAULT_MODEL, MODELS, RETIRED } from "./models.ts";
import { promptTexts } from "./prompt-texts.ts";
import type { ReplySource } from "./reply-source.ts";
import { sendRequest } from "./send-request.ts";
import { toRequestBody } from "./to-request-body.ts";

/** Options of {@link claude}. */
export interface ClaudeOptions {
  /** Default `claude`. */
  readonly id?: string | undefined;
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

/** What is asked of the API, beside what a call's context says. */
interface Ask {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: JsonObject | undefined;
  /** `null` where no model is involved. */
  readonly request: ModelRequest | null;
}

/** A reply whose head has arrived, and what its mappers need. */
interface Reply {
  readonly response: TransportResponse;
  readonly source: ReplySource;
}

const DEFAULT_BASE_URL = "https://api.anthropic.com";

/** Pages of the list of models that are read at the most: far more than there are models. */
const MAX_PAGES = 20;

/**
 * Claude, on Anthropic's Messages API.
 *
 * The official SDK is loaded at the first call. `providerOptions.claude.body` may carry any field of the API: `thinking`,
 * `service_tier`, and on parts `cache_control`. The reasoning of the newer models stays empty unless a call asks for it with
 * `thinking: { type: "adaptive", display: "summarized" }`.
 *
 * @throws LLMError `invalid_input` with the path of an option that is unknown or wrong
 */
export function claude(options: ClaudeOptions = {}): Provider {
  checkFactoryOptions("claude", options);
  const { id = "claude", model = null, headers = {} } = options;
  const name = "Claude";
  const endpoint = createEndpoint({
    provider: id,
    apiKey: options.apiKey,
    baseURL: options.baseURL,
    allowInsecureHttp: options.allowInsecureHttp,
    envKey: "ANTHROPIC_API_KEY",
    envBaseURL: "ANTHROPIC_BASE_URL",
    defaultBaseURL: DEFAULT_BASE_URL,
  });
  const transport = fetchTransport(options.fetch);

  async function ask({ method, path, body, request }: Ask, context: AttemptContext): Promise<Reply> {
    const { signal, clock, callId, credentials, env, limitMs } = context;
    signal.throwIfAborted();
    const { apiKey, baseURL } = await abortable(endpoint.resolve(env, credentials), signal);
    if (apiKey === null) throw new Error("a key is never optional here");
    const own = joinHeaders(headers, request?.providerOptions?.headers, id);
    const facts = {
      provider: id,
      name,
      model: request?.model ?? null,
      callId,
      secrets: [apiKey, ...own.secrets],
      prompt: () => (request === null ? [] : promptTexts(request)),
    };
    const nowMs = (): number => clock.now();
    const api = { method, path, body, apiKey, baseURL, callId, headers: own.headers, limitMs, signal, nowMs };
    const response = await sendRequest(api, transport, facts);
    context.onResponse(responseHead(response, nowMs()));
    return { response, source: { response, facts, nowMs: nowMs() } };
  }

  async function textOf({ response, source }: Reply, signal: AbortSignal): Promise<string> {
    try {
      return await response.text();
    } catch (thrown) {
      throw networkError(thrown, signal, source.facts);
    }
  }

  const post = (request: ModelRequest, stream: boolean, context: AttemptContext): Promise<Reply> =>
    ask({ method: "POST", path: "/v1/messages", body: toRequestBody(request, id, stream), request }, context);

  return {
    spec: 1,
    id,
    name,
    envKey: "ANTHROPIC_API_KEY",
    envModel: "ANTHROPIC_MODEL",
    envBaseURL: "ANTHROPIC_BASE_URL",
    model,
    defaultModel: DEFAULT_MODEL,
    models: MODELS,
    retired: RETIRED,
    capabilities: capabilitiesOf,
    isConfigured: (env) => endpoint.isConfigured(env),
    configProblems: (env, credentials) => endpoint.problems(env, credentials),

    async generate(request, context): Promise<ModelResponse> {
      const reply = await post(request, false, context);
      return fromResponse(await textOf(reply, context.signal), reply.source);
    },

    async *stream(request, context): AsyncGenerator<StreamPart, void, undefined> {
      const reply = await post(request, true, context);
      yield* fromStream(reply.response, reply.source, context.signal);
    },

    async listModels(context): Promise<ModelInfo[]> {
      const models: ModelInfo[] = [];
      let path: string | null = "/v1/models?limit=1000";
      for (let page = 1; path !== null && page <= MAX_PAGES; page++) {
        const reply: Reply = await ask({ method: "GET", path, request: null }, context);
        const list = fromModelList(await textOf(reply, context.signal), reply.source);
        models.push(...list.models);
        path = list.next === null ? null : `/v1/models?limit=1000&after_id=${encodeURIComponent(list.next)}`;
      }
      return models;
    },
  };
}
