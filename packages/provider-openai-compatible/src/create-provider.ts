import {
  type ConfigProblem,
  type Credentials,
  type Env,
  invalidInput,
  type ModelRequest,
  type Provider,
} from "@babylon/llm-core";
import { type Ask, type Classify, createAsking, createEndpoint, createSDKSender } from "@babylon/provider-kit";
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
  const classify: Classify = ofVendor === undefined ? mapError : (reply) => ofVendor(reply) ?? mapError(reply);

  function problems(env: Env, credentials: Credentials | null): readonly ConfigProblem[] {
    const ofEndpoint = endpoint.problems(env, credentials);
    const ofVendor = credentials === null ? vendor.problems?.(env) : undefined;
    return ofVendor === undefined || ofVendor.length === 0 ? ofEndpoint : [...ofEndpoint, ...ofVendor];
  }

  const { ask, askForText } = createAsking<ReplySource>({
    provider: { id, name },
    endpoint: {
      ...endpoint,
      resolve(env, credentials, signal) {
        const [problem] = problems(env, credentials);
        if (problem !== undefined) throw invalidInput(problem.path, problem.expected);
        return endpoint.resolve(env, credentials, signal);
      },
    },
    send: createSDKSender(loadClient, nodeTransport(options.fetch)),
    classify,
    toBody: (request, stream) => toRequestBody(request, { provider: id, traits: traitsOf(request.model), stream }),
    toHeaders: ({ stream, request }, apiKey, { callId, credentials, env }) =>
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
    toSource(response, facts, { request }, nowMs) {
      const { wire } = request === null ? PLAIN_TRAITS : traitsOf(request.model);
      return { response, facts, wire, classify, nowMs };
    },
  });

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
