import type { Provider } from "@babylon/llm-core";
import { createClientEndpoint, createEndpoint, createLazyCalls } from "@babylon/provider-kit/factory";
import type { CompatibleFactoryOptions, Vendor } from "./vendor.ts";

/**
 * Creates a provider from a vendor's data and a factory's checked options.
 *
 * @throws LLMError `invalid_input` if the key or base URL in the options is invalid
 */
export function createProvider(vendor: Vendor, options: CompatibleFactoryOptions): Provider {
  const { id = vendor.id, model = null } = options;
  const { name, envKey, envBaseURL, defaultBaseURL, keyOptional, traitsOf } = vendor;
  const { client, apiKey, baseURL, allowInsecureHttp, headers, fetch } = options;
  const { problems } = vendor;
  const endpoint =
    client === undefined
      ? createEndpoint({
          provider: id,
          apiKey,
          baseURL,
          allowInsecureHttp,
          envKey,
          envBaseURL,
          defaultBaseURL,
          keyOptional,
          problems,
        })
      : createClientEndpoint({ provider: id, client, problems });
  const calls = createLazyCalls(async () => {
    // By its public name, so that this file can be a part of the bundle of another package without it.
    const { createCalls } = await import("@babylon/provider-openai-compatible/calls");
    return createCalls(vendor, { id, client, headers, fetch }, endpoint);
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
    isConfigured: endpoint.isConfigured,
    configProblems: endpoint.problems,
    credentialId: endpoint.credentialId,

    ...calls,
  };
}
