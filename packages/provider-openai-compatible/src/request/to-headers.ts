import { type Credentials, invalidInput, type ModelRequest } from "@babylon/llm-core";
import { areHeaders, mergeHeaders } from "@babylon/provider-kit";

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
  /** The vendor's own headers, such as `OpenAI-Project`. They belong to the operator's account. */
  readonly vendor: Readonly<Record<string, string>> | undefined;
  /** The factory's `headers`. */
  readonly factory: Readonly<Record<string, string>> | undefined;
  readonly credentials: Credentials | null;
  /** The request's `providerOptions`. */
  readonly options: ModelRequest["providerOptions"];
}

/**
 * Builds all headers of a request, with names in lower case. An explicit `authorization` in the factory's or the call's headers replaces the
 * key.
 *
 * The operator's headers are only sent with the operator's account: with a tenant's credentials the vendor's headers and the factory's
 * `authorization` are omitted, and with a tenant's base URL all of the factory's headers.
 *
 * @throws LLMError `invalid_input` if the call's headers are not valid in HTTP
 */
export function toHeaders(sources: HeaderSources): Record<string, string> {
  const { provider, callId, apiKey, stream, hasBody, credentials } = sources;
  const call = sources.options?.headers;
  if (call !== undefined && !areHeaders(call)) {
    throw invalidInput(`providerOptions.${provider}.headers`, "header names and values that HTTP allows");
  }
  return mergeHeaders(
    {
      accept: stream ? "text/event-stream" : "application/json",
      "user-agent": "babylon-llm",
    },
    callId === null ? undefined : { "x-client-request-id": callId },
    hasBody ? { "content-type": "application/json" } : undefined,
    credentials === null ? sources.vendor : undefined,
    factoryHeaders(sources),
    apiKey === null || namesAuthorization(sources) ? undefined : { authorization: `Bearer ${apiKey}` },
    call,
  );
}

function factoryHeaders({ factory, credentials }: HeaderSources): Readonly<Record<string, string>> | undefined {
  if (factory === undefined || credentials === null) return factory;
  if (credentials.baseURL !== undefined) return undefined;
  return Object.fromEntries(Object.entries(factory).filter(([name]) => name.toLowerCase() !== "authorization"));
}

function namesAuthorization(sources: HeaderSources): boolean {
  const factory = factoryHeaders(sources) ?? {};
  return Object.keys(factory).some((name) => name.toLowerCase() === "authorization");
}
