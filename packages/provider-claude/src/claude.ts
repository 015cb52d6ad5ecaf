import type { AttemptContext, ModelInfo, ModelRequest, Provider } from "@babylon/llm-core";
import {
  type ApiKey,
  type AttemptFacts,
  checkFactoryOptions,
  createEndpoint,
  createSDKSender,
  type FetchFunction,
  joinURL,
  openReply,
  promptTexts,
  type ResolvedEndpoint,
  readText,
  secretsOf,
  type TransportResponse,
} from "@babylon/provider-kit";
import { nodeTransport } from "@babylon/provider-kit/node";
import { fromModelList } from "./from-model-list.ts";
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
  const send = createSDKSender(loadClient, nodeTransport(options.fetch));

  function ask(asked: Ask, context: AttemptContext): Promise<Reply> {
    const { env, credentials, signal } = context;
    const resolved = endpoint.resolve(env, credentials, signal);
    return resolved instanceof Promise
      ? resolved.then((at) => askAt(at, asked, context))
      : askAt(resolved, asked, context);
  }

  function askAt(
    { apiKey, baseURL }: ResolvedEndpoint,
    { method, path, stream, request }: Ask,
    context: AttemptContext,
  ): Promise<Reply> {
    const { signal, clock, callId, credentials, env } = context;
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
    const apiRequest = { method, url: joinURL(baseURL, path), headers, body, signal, env };
    const reply = openReply(send, { request: apiRequest, facts, classify: mapError }, context);
    return reply.then((response) => ({ response, source: { response, facts, nowMs: clock.now() } }));
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
      return fromResponse(await readText(reply.response, context.signal, reply.source.facts), reply.source);
    },

    stream: (request, context) => fromStream(() => message(request, true, context), context.signal),

    async listModels(context) {
      const models: ModelInfo[] = [];
      let path: string | null = "/v1/models?limit=1000";
      for (let page = 1; path !== null && page <= MAX_PAGES; page++) {
        const reply: Reply = await ask({ method: "GET", path, stream: false, request: null }, context);
        const list = fromModelList(await readText(reply.response, context.signal, reply.source.facts), reply.source);
        models.push(...list.models);
        path = list.next === null ? null : `/v1/models?limit=1000&after_id=${encodeURIComponent(list.next)}`;
      }
      return models;
    },
  };
}
