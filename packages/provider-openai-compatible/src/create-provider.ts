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

/** What to make of a reply. */
type Read<T> = (reply: Reply) => T | Promise<T>;

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

  /** Resolves with what is read of a successful reply. */
  function ask<T>(asked: Ask, context: AttemptContext, read: Read<T>): Promise<T> {
    const { env, credentials, signal, callId } = context;
    const [problem] = problems(env, credentials);
    if (problem !== undefined) throw invalidInput(problem.path, problem.expected, callId);
    const resolved = endpoint.resolve(env, credentials, signal);
    return resolved instanceof Promise
      ? resolved.then((at) => askAt(at, asked, context, read))
      : askAt(resolved, asked, context, read);
  }

  function askAt<T>(
    { apiKey, baseURL }: ResolvedEndpoint,
    { method, path, stream, request }: Ask,
    context: AttemptContext,
    read: Read<T>,
  ): Promise<T> {
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
    const outgoing = { request: apiRequest, facts, classify };
    return openReply(send, outgoing, context, (response) => {
      const source = { response, facts, wire: traits.wire, classify, nowMs: clock.now() };
      return read({ response, source });
    });
  }

  /** The same for a reply that is read whole. */
  const askForText = <T>(
    asked: Ask,
    context: AttemptContext,
    read: (text: string, source: ReplySource) => T,
  ): Promise<T> =>
    ask(asked, context, async ({ response, source }) =>
      read(await readText(response, context.signal, source.facts), source),
    );

  const chat = (request: ModelRequest, stream: boolean): Ask => ({
    method: "POST",
    path: "/chat/completions",
    stream,
    request,
  });

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

    generate: async (request, context) => askForText(chat(request, false), context, fromResponse),

    stream: (request, context) => fromStream(() => ask(chat(request, true), context, (reply) => reply), context.signal),

    listModels: async (context) =>
      askForText({ method: "GET", path: "/models", stream: false, request: null }, context, (text, source) =>
        fromModelList(text, source, vendor.models),
      ),
  };
}
