export { checkApiKey, checkBaseURL } from "./check-endpoint.ts";
export { checkFactoryOptions, type OptionRule } from "./check-factory-options.ts";
export type { ApiKey, KeySources } from "./choose-key.ts";
export { type ClientEndpointOptions, createClientEndpoint } from "./client-endpoint.ts";
export {
  createEndpoint,
  type Endpoint,
  type EndpointOptions,
  type ResolvedEndpoint,
} from "./create-endpoint.ts";
export { createLazyCalls, type ProviderCalls } from "./lazy-calls.ts";
