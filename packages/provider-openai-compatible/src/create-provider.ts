import {
  type AttemptContext,
  type ConfigProblem,
  type Credentials,
  type Env,
  invalidInput,
  type ModelRequest,
  type Provider,
} from "@babylon/llm-core";
import {
  type AttemptFacts,
  type Classify,
  createEndpoint,
  createSDKSender,
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
import { PLAIN_TRAITS } from "./model-traits.ts";
import type { ReplySource } from "./reply-source.ts";
import { toHeaders } from "./to-headers.ts";
import { toRequestBody } from "./to-request-body.ts";
import type { CompatibleFactoryOptions, Vendor } from "./vendor.ts";

/** What is asked of an endpoint, beside what the attempt's context says. */
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

/**
 * Makes a provider of a vendor's data and a factory's options, which have been checked.
 *
 * @throws LLMError `invalid_input` when the options' key or base URL is wrong
 */
export function createProvider(vendor: Vendor, options: CompatibleFactoryOptions): Provider {
  const { id = vendor.id, model = null } = options;
  const { name, envKey, envBaseURL, defaultBaseURL, keyOptional, traitsOf, classify: ofVendor } = vendor;
  const { apiKey: givenKey, baseURL: givenURL, allowInsecureHttp } = options;
  const endpoint = createEndpoint({
    provider: id,
    apiKey: givenKey,
    baseURL: givenURL,
    allowInsecureHttp,
    envKey,
    envBaseURL,
    defaultBaseURL,
    keyOptional,
  });
  const send = createSDKSender(loadClient, nodeTransport(options.fetch));
  const classify: Classify = ofVendor === undefined ? mapError : (reply) => ofVendor(reply) ?? mapError(reply);

  function problems(env: Env, credentials: Credentials | null): readonly ConfigProblem[] {
    const ofEndpoint = endpoint.problems(env, credentials);
    const ofVendor = credentials === null ? vendor.problems?.(env) : undefined;
    return ofVendor === undefined || ofVendor.length === 0 ? ofEndpoint : [...ofEndpoint, ...ofVendor];
  }

  function ask(asked: Ask, context: AttemptContext): Promise<Reply> {
    const { env, credentials, signal, callId } = context;
    const [problem] = problems(env, credentials);
    if (problem !== undefined) throw invalidInput(problem.path, problem.expected, callId);
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
    const traits = request === null ? PLAIN_TRAITS : traitsOf(request.model);
    const body = request === null ? null : toRequestBody(request, { provider: id, traits, stream });
    const headers = toHeaders({
      provider: id,
      callId,
      apiKey,
      stream,
      hasBody: body !== null,
      vendor: vendor.headers?.(env),
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
    const reply = openReply(send, { request: apiRequest, facts, classify }, context);
    return reply.then((response) => ({
      response,
      source: { response, facts, wire: traits.wire, classify, nowMs: clock.now() },
    }));
  }

  const chat = (request: ModelRequest, stream: boolean, context: AttemptContext): Promise<Reply> =>
    ask({ method: "POST", path: "/chat/completions", stream, request }, context);

  return {
    spec: 1,
    id,
    name,
    envKey,
    keyURL: vendor.keyURL,
    envModel: vendor.envModel,
    envBaseURL,
    model,
    defaultModel: vendor.defaultModel,
    models: vendor.models,
    retired: vendor.retired,
    maxConcurrency: vendor.maxConcurrency,
    capabilities: (model) => traitsOf(model).capabilities,
    isConfigured: (env) => endpoint.isConfigured(env),
    configProblems: problems,

    async generate(request, context) {
      const reply = await chat(request, false, context);
      return fromResponse(await readText(reply.response, context.signal, reply.source.facts), reply.source);
    },

    stream: (request, context) => fromStream(() => chat(request, true, context), context.signal),

    async listModels(context) {
      const reply = await ask({ method: "GET", path: "/models", stream: false, request: null }, context);
      return fromModelList(
        await readText(reply.response, context.signal, reply.source.facts),
        reply.source,
        vendor.models,
      );
    },
  };
}
