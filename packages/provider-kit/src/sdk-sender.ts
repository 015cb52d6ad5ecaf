import type { Env, JsonObject } from "@babylon/llm-core";
import { abortable } from "./abortable.ts";
import type { Transport, TransportResponse } from "./transport.ts";

/** One request to a vendor's API. */
export interface ApiRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** All of them; nothing is added. */
  readonly headers: Readonly<Record<string, string>>;
  /** `null` for GET. */
  readonly body: JsonObject | null;
  readonly signal: AbortSignal;
  /** Names the proxy, where there is one. */
  readonly env: Env;
}

/** Sends a request and resolves when the head of the reply has arrived, whatever its status. */
export type Sender = (request: ApiRequest) => Promise<TransportResponse>;

/** A request on its way through an SDK. */
export interface SDKReply {
  /** What `fetchWithTimeout` answered. */
  asResponse(): Promise<unknown>;
}

/** As much of an official SDK's client as requests go through: `openai` 7 and `@anthropic-ai/sdk` 1 (2026-11) have it. */
export interface SDKClient {
  /** Sends a request and gives back what `fetchWithTimeout` answered. */
  post(path: string, options: { readonly body: ApiRequest }): SDKReply;
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

/** Not looked at; an SDK wants one when it is made and with each request. */
export const UNUSED_BASE_URL = "https://given.with.each.request.invalid";

const NO_HEADERS: TransportResponse["headers"] = { get: () => null, entries: () => [] };
const NO_REQUEST = { method: "post", headers: {} };

/** Requests of the client are built from exactly what was given to `post`, and are sent by the transport. */
function patch(client: SDKClient, transport: Transport): SDKClient {
  client.buildRequest = async ({ body: request }) => ({
    url: UNUSED_BASE_URL,
    req: { ...NO_REQUEST, request },
    timeout: 0,
  });
  // Time belongs to core, so none is kept here.
  client.fetchWithTimeout = async (_url, { request }) => {
    const { body } = request;
    const reply = transport({ ...request, body: body === null ? null : JSON.stringify(body) });
    // It is awaited a few turns later, behind the SDK, which would hide what went wrong in errors of its own.
    reply.catch(() => {});
    // Always `ok`, so that the SDK leaves the reading of error bodies to us.
    const envelope: Envelope = { ok: true, status: 200, url: "", headers: NO_HEADERS, body: null, reply };
    return envelope;
  };
  return client;
}

/**
 * Creates a sender on an official SDK, which is loaded at the first request and shared by all that follow. Key and address are given
 * with each request, so one client of the SDK serves every tenant.
 *
 * @param load - makes the SDK's client; called again when it failed
 */
export function createSDKSender(load: () => Promise<SDKClient>, transport: Transport): Sender {
  let client: SDKClient | null = null;
  let loading: Promise<SDKClient> | null = null;

  async function loaded(signal: AbortSignal): Promise<SDKClient> {
    loading ??= load().then(
      (made) => patch(made, transport),
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return abortable(loading, signal);
  }

  return async (request) => {
    client ??= await loaded(request.signal);
    // The request goes through as it is: whatever the SDK finds in places of its own it copies, even for a log that is off.
    const sent = client.post("/", { body: request });
    // `fetchWithTimeout` above answered, and `asResponse` gives back what it answered.
    const { reply } = (await sent.asResponse()) as Envelope;
    return reply;
  };
}
