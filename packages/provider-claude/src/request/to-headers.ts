import { type Credentials, invalidInput, type ModelRequest } from "@babylon/llm-core";
import { areHeaders, mergeHeaders } from "@babylon/provider-kit";

/** The API version that the mappers speak. The SDK's own may move on. */
const API_VERSION = "2026-10-21";

/** The headers that carry a key: Anthropic takes either. */
const KEY_HEADERS = ["authorization", "x-api-key"];

type Headers = Readonly<Record<string, string>>;

/** What the headers of a request are made of. */
export interface HeaderSources {
  /** The provider's id; names the option in an error. */
  readonly provider: string;
  /** `null`: the request belongs to no call. */
  readonly callId: string | null;
  readonly apiKey: string | null;
  /** Whether an event stream is asked for. */
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
 * All headers of a request, names in lower case. The key goes out as `authorization`, unless the factory's or the call's headers
 * name a header for it themselves, as proxies want that know only `x-api-key`.
 *
 * What the operator configured stays with the operator's account: with a tenant's credentials the factory's key headers are left
 * out, and with a tenant's base URL all of the factory's headers.
 *
 * @throws LLMError `invalid_input` when the call's headers are none that HTTP allows: the platform's own error would quote them
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
