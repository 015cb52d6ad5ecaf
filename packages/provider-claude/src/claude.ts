import type { AttemptContext, ModelInfo, ModelRequest, Provider } from "@babylon/llm-core";
import {
  type ApiKey,
  type AttemptFacts,
  checkFactoryOptions,
  createEndpoint,
  type FetchFunction,
  joinURL,
  networkError,
  parseJSON,
  promptTexts,
  replyError,
  responseHead,
  type TransportResponse,
} from "@babylon/provider-kit";
import { nodeTransport } from "@babylon/provider-kit/node";
import { type ApiRequest, createSender } from "./create-sender.ts";
import { fromModelList } from "./from-model-list.ts";
import { fromResponse } from "./from-response.ts";
import { fromStream } from "./from-stream.ts";
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

/** What is asked of the API, beside what the attempt's context says. */
interface Ask {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly stream: boolean;
  /** `null` where no model is involved. */
  readonly request: ModelRequest | null;
}

/** A successful reply whose head has arrived, and what its mappers need. */
interface Reply {
  readonly response: TransportResponse;
  readonly source: ReplySource;
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
  const send = createSender(nodeTransport(options.fetch));

  async function ask({ method, path, stream, request }: Ask, context: AttemptContext): Promise<Reply> {
    const { signal, clock, callId, credentials, env } = context;
    signal.throwIfAborted();
    const { apiKey, baseURL } = await endpoint.resolve(env, credentials, signal);
    const body = request === null ? null : toRequestBody(request, id, stream);
    const headers = toHeaders({
      provider: id,
      callId,
      apiKey,
      stream,
      hasBody: body !== null,
      factory: options.headers,
      credentials,
      options: request?.providerOptions,
    });
    const facts: AttemptFacts = {
      provider: id,
      name,
      model: request?.model ?? null,
      callId,
      secrets: secretsOf(apiKey, headers),
      prompt: () => (request === null ? [] : promptTexts(request)),
    };
    const response = await sendForReply(
      { method, url: joinURL(baseURL, path), headers, body, signal, env },
      facts,
      () => clock.now(),
    );
    context.onResponse(responseHead(response, clock.now()));
    return { response, source: { response, facts, nowMs: clock.now() } };
  }

  /** Sends, and turns everything but a success into an error. */
  async function sendForReply(request: ApiRequest, facts: AttemptFacts, now: () => number): Promise<TransportResponse> {
    try {
      const response = await send(request);
      if (response.ok) return response;
      const { status, headers } = response;
      const text = await response.text();
      throw replyError({ status, headers, body: parseJSON(text), text }, mapError, facts, now());
    } catch (thrown) {
      throw networkError(thrown, request.signal, facts);
    }
  }

  async function textOf({ response, source }: Reply, signal: AbortSignal): Promise<string> {
    try {
      return await response.text();
    } catch (thrown) {
      throw networkError(thrown, signal, source.facts);
    }
  }

  const message = (request: ModelRequest, stream: boolean, context: AttemptContext): Promise<Reply> =>
    ask({ method: "POST", path: "/v1/messages", stream, request }, context);

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

    async generate(request, context) {
      const reply = await message(request, false, context);
      return fromResponse(await textOf(reply, context.signal), reply.source);
    },

    stream: (request, context) => fromStream(() => message(request, true, context), context.signal),

    async listModels(context) {
      const models: ModelInfo[] = [];
      let path: string | null = "/v1/models?limit=1000";
      for (let page = 1; path !== null && page <= MAX_PAGES; page++) {
        const reply: Reply = await ask({ method: "GET", path, stream: false, request: null }, context);
        const list = fromModelList(await textOf(reply, context.signal), reply.source);
        models.push(...list.models);
        path = list.next === null ? null : `/v1/models?limit=1000&after_id=${encodeURIComponent(list.next)}`;
      }
      return models;
    },
  };
}

/** Names of headers whose values are keys. */
const SECRET_HEADER = /auth|key|token|secret|cookie/;

function secretsOf(apiKey: string | null, headers: Readonly<Record<string, string>>): readonly string[] {
  const ofHeaders = Object.entries(headers).flatMap(([name, value]) => (SECRET_HEADER.test(name) ? [value] : []));
  return apiKey === null ? ofHeaders : [apiKey, ...ofHeaders];
}
