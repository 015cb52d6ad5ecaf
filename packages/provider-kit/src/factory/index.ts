export { checkApiKey, checkBaseURL } from "./check-endpoint.ts";
export { checkFactoryOptions, type OptionRule } from "./check-factory-options.ts";
export { type ClientEndpointOptions, createClientEndpoint } from "./client-endpoint.ts";
export {
  type ApiKey,
  createEndpoint,
  type Endpoint,
  type EndpointOptions,
  type ResolvedEndpoint,
} from "./create-endpoint.ts";
export { createLazyCalls, type ProviderCalls } from "./lazy-calls.ts";
