import type { JsonObject } from "@babylon/llm-core";
import {
  type AttemptFacts,
  abortable,
  joinURL,
  networkError,
  parseJSON,
  replyError,
  type Transport,
  type TransportResponse,
} from "@babylon/provider-kit";
import { mapError } from "./map-error.ts";
import { toHeaders } from "./to-headers.ts";

/** The longest delay a timer can hold. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/** One request to the Anthropic API. */
export interface ApiRequest {
  readonly method: "GET" | "POST";
  /** Below the base URL, with its query: `/v1/messages`. */
  readonly path: string;
  /** Absent for GET. */
  readonly body?: JsonObject | undefined;
  readonly apiKey: string;
  readonly baseURL: string;
  readonly callId: string;
  /** Stronger than the headers of this adapter and of the SDK. */
  readonly headers: Readonly<Record<string, string>>;
  readonly limitMs: number | null;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}

/**
 * Sends a request through the official SDK and resolves with the head of a successful reply, its body unread.
 *
 * @throws LLMError for any other reply, `network` when there is none; the signal's reason on abort
 */
export async function sendRequest(
  request: ApiRequest,
  transport: Transport,
  facts: AttemptFacts,
): Promise<TransportResponse> {
  const { method, path, body, apiKey, baseURL, signal } = request;
  // Not imported before a call needs it: it takes a tenth of a second and more.
  const { BaseAnthropic } = await abortable(import("@anthropic-ai/sdk/client"), signal);

  let failure: unknown;
  let reply: TransportResponse | null = null;
  /** Stands where the SDK's fetch would: the reply and what went wrong are read here, not from what the SDK makes of them. */
  const send = async (url: string, init: RequestInit): Promise<TransportResponse> => {
    try {
      const headers = toHeaders(init.headers, request);
      // Its own signal is left out: it only carries the SDK's time limit, and time belongs to core.
      const response = await transport({ method, url, headers, body: textOf(init.body), signal });
      if (!response.ok) throw await errorOf(response, request, facts);
      reply = response;
      return response;
    } catch (thrown) {
      failure = thrown;
      throw thrown;
    }
  };

  // A client for each request costs three microseconds and keeps a tenant's key and address out of everyone else's calls.
  const client = new BaseAnthropic({
    // Everything that the SDK would otherwise take from the environment or from profiles on disk. The one thing it takes all the
    // same, the headers of ANTHROPIC_CUSTOM_HEADERS, `toHeaders` leaves out.
    apiKey,
    authToken: null,
    webhookKey: null,
    baseURL,
    logLevel: "off",
    openTelemetry: false,
    maxRetries: 0,
    timeout: request.limitMs === null ? NO_LIMIT_MS : Math.min(NO_LIMIT_MS, Math.ceil(request.limitMs)),
    // Whoever calls from a browser decides that with the header Anthropic asks for, in `headers`.
    dangerouslyAllowBrowser: true,
    // The SDK takes for a Response what has as much of one as it touches, and always passes a URL as text.
    fetch: send as unknown as typeof globalThis.fetch,
  });
  try {
    const url = joinURL(baseURL, path);
    await (method === "GET" ? client.get(url) : client.post(url, { body })).asResponse();
  } catch (thrown) {
    throw networkError(failure ?? thrown, signal, facts);
  }
  if (reply === null) throw new Error("the Anthropic SDK resolved without sending a request");
  return reply;
}

const textOf = (body: RequestInit["body"]): string | null => (typeof body === "string" ? body : null);

async function errorOf(response: TransportResponse, request: ApiRequest, facts: AttemptFacts): Promise<Error> {
  const text = await response.text();
  const { status, headers } = response;
  return replyError({ status, headers, body: parseJSON(text), text }, mapError, facts, request.nowMs());
}
