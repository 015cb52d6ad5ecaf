import { BaseAnthropic } from "@anthropic-ai/sdk/client";
import {
  type ApiRequest,
  createSender,
  type Sender,
  type Transport,
  type TransportResponse,
} from "@babylon/provider-kit";

/** The methods of the SDK client that requests pass through (`@anthropic-ai/sdk` 1.12, 2026-11). */
interface SDKClient {
  /** Sends a request and returns the result of `fetchWithTimeout`. */
  post(path: string, options: { readonly body: ApiRequest }): { asResponse(): Promise<unknown> };
  /** Builds the arguments of `fetchWithTimeout` from the options. */
  buildRequest: (options: { readonly body: ApiRequest }) => Promise<unknown>;
  /** Sends the built request. */
  fetchWithTimeout: (url: string, init: { readonly request: ApiRequest }) => Promise<unknown>;
}

/** Carries a reply through the SDK: the fields that the SDK reads, and the real reply or its failure. */
interface Envelope {
  readonly ok: true;
  readonly status: 200;
  readonly url: "";
  readonly headers: TransportResponse["headers"];
  readonly body: null;
  readonly reply: Promise<TransportResponse>;
}

/** Unused, but the SDK requires a base URL for the client and for each request. */
const UNUSED_BASE_URL = "https://given.with.each.request.invalid";

const NO_HEADERS: TransportResponse["headers"] = { get: () => null, entries: () => [] };
const NO_REQUEST = { method: "post", headers: {} };

/**
 * Creates a sender that passes requests unchanged through the official SDK to the transport. Each request contains its key and base URL, so
 * one SDK client serves every tenant.
 *
 * By default the SDK reads keys, base URL, log level and tracing from the environment (`ANTHROPIC_API_KEY`, `ANTHROPIC_AUTH_TOKEN`,
 * `ANTHROPIC_BASE_URL`, `ANTHROPIC_WEBHOOK_SIGNING_KEY`, `ANTHROPIC_LOG`, `ANTHROPIC_OPEN_TELEMETRY…`), and without a key from a profile on
 * disk (`ANTHROPIC_PROFILE`, `ANTHROPIC_CONFIG_DIR`, …). So all of these options are set. `ANTHROPIC_CUSTOM_HEADERS` is read regardless, so
 * requests are built only from the arguments of `post` (`@anthropic-ai/sdk` 1.12, 2026-11).
 *
 * Requests use `post`, not `messages.create`, which refuses long requests without streaming and warns about older models.
 *
 * Two methods of the client are replaced, so this is used only with the tested version (`loadSDKSender`).
 */
export function createSDKSender(transport: Transport): Sender {
  const send = createSender(transport);
  // The SDK's types describe requests that it builds itself; here they pass through unchanged.
  const client = new BaseAnthropic({
    apiKey: "given with each request",
    authToken: null,
    webhookKey: null,
    baseURL: UNUSED_BASE_URL,
    maxRetries: 0,
    logLevel: "off",
    // The core traces its calls; the SDK below must not trace them again.
    openTelemetry: false,
    // Passing a key to the factory is the caller's decision, also in a browser.
    dangerouslyAllowBrowser: true,
    // Never called, but without it the SDK requires a global `fetch`.
    fetch: () => Promise.reject(new Error("the SDK sent an unexpected request")),
  }) as unknown as SDKClient;

  client.buildRequest = async ({ body: request }) => ({
    url: UNUSED_BASE_URL,
    req: { ...NO_REQUEST, request },
    timeout: 0,
  });
  // Timeouts belong to core, so none is applied here.
  client.fetchWithTimeout = async (_url, { request }) => {
    const reply = send(request);
    // Awaited below, after the SDK has returned: the SDK would wrap the failure in its own errors.
    reply.catch(() => {});
    // Always `ok`, so that the SDK does not read error bodies.
    const envelope: Envelope = { ok: true, status: 200, url: "", headers: NO_HEADERS, body: null, reply };
    return envelope;
  };

  return async (request) => {
    // The request is passed as the body, because the SDK copies the options it knows, even for a log that is off.
    const sent = client.post("/", { body: request });
    // `asResponse` returns the envelope of `fetchWithTimeout` above.
    const { reply } = (await sent.asResponse()) as Envelope;
    return reply;
  };
}
