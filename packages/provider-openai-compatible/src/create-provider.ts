import { type ConfigProblem, type Credentials, type Env, invalidInput, type Provider } from "@babylon/llm-core";
import { createEndpoint, type Endpoint, lateCalls } from "@babylon/provider-kit/factory";
import type { CompatibleFactoryOptions, Vendor } from "./vendor.ts";

/**
 * Makes a provider of a vendor's data and a factory's options, which have been checked.
 *
 * @throws LLMError `invalid_input` when the options' key or base URL is wrong
 */
export function createProvider(vendor: Vendor, options: CompatibleFactoryOptions): Provider {
  const { id = vendor.id, model = null } = options;
  const { name, envKey, envBaseURL, defaultBaseURL, keyOptional, traitsOf } = vendor;
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

  function problems(env: Env, credentials: Credentials | null): readonly ConfigProblem[] {
    const ofEndpoint = endpoint.problems(env, credentials);
    const ofVendor = credentials === null ? vendor.problems?.(env) : undefined;
    return ofVendor === undefined || ofVendor.length === 0 ? ofEndpoint : [...ofEndpoint, ...ofVendor];
  }

  const calls = lateCalls(async () => {
    const { createCalls } = await import("./create-calls.ts");
    const resolve: Endpoint["resolve"] = (env, credentials, signal) => {
      const [problem] = problems(env, credentials);
      if (problem !== undefined) throw invalidInput(problem.path, problem.expected);
      return endpoint.resolve(env, credentials, signal);
    };
    return createCalls(vendor, { id, headers: options.headers, fetch: options.fetch }, { ...endpoint, resolve });
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

    ...calls,
  };
}
