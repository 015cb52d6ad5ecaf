import { BaseAnthropic } from "@anthropic-ai/sdk/client";
import {
  type ApiRequest,
  createSender,
  type Sender,
  type Transport,
  type TransportResponse,
} from "@babylon/provider-kit";

/** As much of the SDK's client as requests go through (`@anthropic-ai/sdk` 1.12, 2026-11). */
interface SDKClient {
  /** Sends a request and gives back what `fetchWithTimeout` answered. */
  post(path: string, options: { readonly body: ApiRequest }): { asResponse(): Promise<unknown> };
  /** Makes of the options what `fetchWithTimeout` is given. */
  buildRequest: (options: { readonly body: ApiRequest }) => Promise<unknown>;
  /** Its hook for sending. */
  fetchWithTimeout: (url: string, init: { readonly request: ApiRequest }) => Promise<unknown>;
}

/** What takes a reply through the SDK: the little that the SDK looks at, and beside it what came or why nothing did. */
interface Envelope {
  readonly ok: true;
  readonly status: 200;
  readonly url: "";
  readonly headers: TransportResponse["headers"];
  readonly body: null;
  readonly reply: Promise<TransportResponse>;
}

/** Not looked at; the SDK wants one when it is made and with each request. */
const UNUSED_BASE_URL = "https://given.with.each.request.invalid";

const NO_HEADERS: TransportResponse["headers"] = { get: () => null, entries: () => [] };
const NO_REQUEST = { method: "post", headers: {} };

/**
 * The official SDK, sending by the transport exactly what it is given. Key and address come with each request, so one client of the
 * SDK serves every tenant.
 *
 * The SDK takes its keys, address, log level and tracing from the environment where it is given none (`ANTHROPIC_API_KEY`,
 * `ANTHROPIC_AUTH_TOKEN`, `ANTHROPIC_BASE_URL`, `ANTHROPIC_WEBHOOK_SIGNING_KEY`, `ANTHROPIC_LOG`, `ANTHROPIC_OPEN_TELEMETRY…`), and
 * without a key from a profile on disk (`ANTHROPIC_PROFILE`, `ANTHROPIC_CONFIG_DIR`, …). So it is given all of them, and for
 * `ANTHROPIC_CUSTOM_HEADERS`, which it takes all the same, requests are built from exactly what was given to `post`
 * (`@anthropic-ai/sdk` 1.12, 2026-11).
 *
 * Requests go to `post`, not to `messages.create`, which refuses what may take long without streaming and warns of older models.
 *
 * Two methods of the client are replaced: only for the version that was tested (`loadSDKSender`).
 */
export function createSDKSender(transport: Transport): Sender {
  const send = createSender(transport);
  // The types are those of requests that the SDK builds; what it is given here goes through as it is.
  const client = new BaseAnthropic({
    apiKey: "given with each request",
    authToken: null,
    webhookKey: null,
    baseURL: UNUSED_BASE_URL,
    maxRetries: 0,
    logLevel: "off",
    // The calls of the core are what is traced, not those of the SDK below it.
    openTelemetry: false,
    // Whoever puts a key into a browser does it by giving one to the factory.
    dangerouslyAllowBrowser: true,
    // Never called; without it the SDK insists on a global one.
    fetch: () => Promise.reject(new Error("the SDK sent a request by itself")),
  }) as unknown as SDKClient;

  client.buildRequest = async ({ body: request }) => ({
    url: UNUSED_BASE_URL,
    req: { ...NO_REQUEST, request },
    timeout: 0,
  });
  // Time belongs to core, so none is kept here.
  client.fetchWithTimeout = async (_url, { request }) => {
    const reply = send(request);
    // It is awaited a few turns later, behind the SDK, which would hide what went wrong in errors of its own.
    reply.catch(() => {});
    // Always `ok`, so that the SDK leaves the reading of error bodies to us.
    const envelope: Envelope = { ok: true, status: 200, url: "", headers: NO_HEADERS, body: null, reply };
    return envelope;
  };

  return async (request) => {
    // The request goes through as it is: whatever the SDK finds in places of its own it copies, even for a log that is off.
    const sent = client.post("/", { body: request });
    // `fetchWithTimeout` above answered, and `asResponse` gives back what it answered.
    const { reply } = (await sent.asResponse()) as Envelope;
    return reply;
  };
}
