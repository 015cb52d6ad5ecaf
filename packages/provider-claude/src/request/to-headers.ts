import { type Credentials, invalidInput, type ModelRequest } from "@babylon/llm-core";
import { areHeaders, mergeHeaders } from "@babylon/provider-kit";

/** The API version of the mappers, independent of the SDK's. */
const API_VERSION = "2026-10-21";

/** The headers for a key: Anthropic accepts either. */
const KEY_HEADERS = ["authorization", "x-api-key"];

type Headers = Readonly<Record<string, string>>;

/** The sources of a request's headers. */
export interface HeaderSources {
  /** The provider's id, used in the path of an error. */
  readonly provider: string;
  /** `null`: the request belongs to no call. */
  readonly callId: string | null;
  readonly apiKey: string | null;
  /** Whether an event stream is requested. */
  readonly stream: boolean;
  /** Whether there is a body. */
  readonly hasBody: boolean;
  /** The factory's `headers`. */
  readonly factory: Headers | undefined;
  readonly credentials: Credentials | null;
  /** The request's `providerOptions`. */
  readonly options: ModelRequest["providerOptions"];
}

/**
 * Builds all headers of a request, with names in lower case. The key is sent as `authorization`, unless the factory's or the call's headers
 * contain a key header, for proxies that only accept `x-api-key`.
 *
 * The operator's headers are only sent with the operator's account: with a tenant's credentials the factory's key headers are omitted, and
 * with a tenant's base URL all of the factory's headers.
 *
 * @throws LLMError `invalid_input` if the call's headers are not valid in HTTP: the platform's own error would quote them
 */
export function toHeaders(sources: HeaderSources): Record<string, string> {
  const { provider, callId, apiKey, stream, hasBody } = sources;
  const call = sources.options?.headers;
  if (call !== undefined && !areHeaders(call)) {
    throw invalidInput(`providerOptions.${provider}.headers`, "header names and values that HTTP allows");
  }
  const own = mergeHeaders(factoryHeaders(sources), call);
  const ownKey = KEY_HEADERS.some((name) => Object.hasOwn(own, name));
  return mergeHeaders(
    {
      accept: stream ? "text/event-stream" : "application/json",
      "user-agent": "babylon-llm",
      "anthropic-version": API_VERSION,
    },
    callId === null ? undefined : { "x-client-request-id": callId },
    hasBody ? { "content-type": "application/json" } : undefined,
    apiKey === null || ownKey ? undefined : { authorization: `Bearer ${apiKey}` },
    own,
  );
}

function factoryHeaders({ factory, credentials }: HeaderSources): Headers | undefined {
  if (factory === undefined || credentials === null) return factory;
  if (credentials.baseURL !== undefined) return undefined;
  return Object.fromEntries(Object.entries(factory).filter(([name]) => !KEY_HEADERS.includes(name.toLowerCase())));
}
