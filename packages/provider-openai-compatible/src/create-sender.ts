import type { Env, JsonObject } from "@babylon/llm-core";
import { abortable, type Transport, type TransportResponse } from "@babylon/provider-kit";
import type { OpenAI } from "openai";

/** One request to an endpoint of this family. */
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

/** What takes a reply through the SDK: the little that the SDK looks at, and beside it what came or why nothing did. */
interface Envelope {
  readonly ok: true;
  readonly status: 200;
  readonly url: "";
  readonly headers: TransportResponse["headers"];
  readonly body: null;
  readonly reply: Promise<TransportResponse>;
}

/**
 * Creates a sender on the official SDK, which is loaded at the first request and shared by all that follow. Key and address are
 * given with each request, so one SDK client serves every tenant.
 */
export function createSender(transport: Transport): Sender {
  let client: OpenAI | null = null;
  let loading: Promise<OpenAI> | null = null;
  return async (request) => {
    loading ??= loadClient(transport).catch((error: unknown) => {
      loading = null;
      throw error;
    });
    client ??= await abortable(loading, request.signal);
    // The request goes through as it is: whatever the SDK finds in places of its own it copies, even for a log that is off.
    const sent = client.post("/", { body: request });
    // `fetchWithTimeout` below answered, and `asResponse` gives back what it answered.
    const { reply } = (await sent.asResponse()) as unknown as Envelope;
    return reply;
  };
}

const NO_HEADERS: TransportResponse["headers"] = { get: () => null, entries: () => [] };

/** Neither of the two is looked at; the SDK wants both. */
const BASE_URL = "https://given.with.each.request.invalid";
const NO_REQUEST = { method: "post", headers: {} as Headers };

/**
 * The SDK takes its address, keys, organisation, project and headers from the environment where it is given none (`OPENAI_BASE_URL`,
 * `OPENAI_API_KEY`, `OPENAI_ADMIN_KEY`, `OPENAI_ORG_ID`, `OPENAI_PROJECT_ID`, `OPENAI_WEBHOOK_SECRET`, `OPENAI_LOG`,
 * `OPENAI_CUSTOM_HEADERS`) and would send them to every vendor. So it is given all of them, and for the last, which it takes all the
 * same, requests are built here from exactly what `send` was given (openai 7.57, 2026-11).
 */
async function loadClient(transport: Transport): Promise<OpenAI> {
  const { OpenAI } = await import("openai");
  const client = new OpenAI({
    apiKey: "given with each request",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: BASE_URL,
    // Never called; without it the SDK insists on a global one.
    fetch: () => Promise.reject(new Error("the SDK sent a request by itself")),
    maxRetries: 0,
    logLevel: "off",
    // Whoever puts a key into a browser does it by giving one to the factory.
    dangerouslyAllowBrowser: true,
  });

  client.buildRequest = async ({ body }) => ({
    url: BASE_URL,
    // What was given to `post`. The SDK takes it to `fetchWithTimeout`, its hook for sending.
    req: { ...NO_REQUEST, request: body as ApiRequest },
    timeout: 0,
  });

  client.fetchWithTimeout = async (_url, init) => {
    // Exactly what `buildRequest` above returned. Time belongs to core, so none is kept here.
    const { request } = init as unknown as { request: ApiRequest };
    const { body } = request;
    const reply = transport({ ...request, body: body === null ? null : JSON.stringify(body) });
    // It is awaited a few turns later, behind the SDK, which would hide what went wrong in errors of its own.
    reply.catch(() => {});
    // Always `ok`, so that the SDK leaves the reading of error bodies to us.
    const envelope: Envelope = { ok: true, status: 200, url: "", headers: NO_HEADERS, body: null, reply };
    return envelope as unknown as Response;
  };

  return client;
}
