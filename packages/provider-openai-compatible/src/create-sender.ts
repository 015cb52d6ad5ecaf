import type { JsonObject } from "@babylon/llm-core";
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
}

/** Sends a request and resolves when the head of the reply has arrived, whatever its status. */
export type Sender = (request: ApiRequest) => Promise<TransportResponse>;

/** What takes a request through the SDK: the reply beside the little that the SDK looks at. */
interface Envelope {
  readonly ok: true;
  readonly status: number;
  readonly url: string;
  readonly headers: TransportResponse["headers"];
  readonly body: null;
  readonly reply: TransportResponse;
}

/**
 * Creates a sender on the official SDK, which is loaded at the first request and shared by all that follow. Key and address are
 * given with each request, so one SDK client serves every tenant.
 */
export function createSender(transport: Transport): Sender {
  let loading: Promise<OpenAI> | null = null;
  return async ({ method, url, headers, body, signal }) => {
    loading ??= loadClient(transport).catch((error: unknown) => {
      loading = null;
      throw error;
    });
    const client = await abortable(loading, signal);
    const options = { headers, signal };
    const sent = method === "GET" ? client.get(url, options) : client.post(url, { ...options, body });
    // `fetchWithTimeout` below answered, and `asResponse` gives back what it answered.
    const { reply } = (await sent.asResponse()) as unknown as Envelope;
    return reply;
  };
}

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
    baseURL: "https://given.with.each.request.invalid",
    // Never called; without it the SDK insists on a global one.
    fetch: () => Promise.reject(new Error("the SDK sent a request by itself")),
    maxRetries: 0,
    logLevel: "off",
    // Whoever puts a key into a browser does it by giving one to the factory.
    dangerouslyAllowBrowser: true,
  });

  client.buildRequest = async ({ method, path, headers, body, signal }) => ({
    url: path,
    // The SDK looks at neither headers nor body on their way to `fetchWithTimeout`, its hook for sending.
    req: {
      method,
      headers: headers as Headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    },
    timeout: 0,
  });

  client.fetchWithTimeout = async (url, init) => {
    // Exactly what `buildRequest` above returned, which is what `send` was given. Time belongs to core, so none is kept here.
    const { method, headers, body, signal } = init as unknown as Omit<ApiRequest, "body"> & { body: string | null };
    const reply = await transport({
      method: method.toUpperCase() === "GET" ? "GET" : "POST",
      url: String(url),
      headers,
      body,
      signal,
    });
    // Always `ok`, so that the SDK leaves the reading of error bodies to us.
    const envelope: Envelope = {
      ok: true,
      status: reply.status,
      url: reply.url,
      headers: reply.headers,
      body: null,
      reply,
    };
    return envelope as unknown as Response;
  };

  return client;
}
