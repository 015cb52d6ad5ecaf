import type { Env, JsonObject } from "@babylon/llm-core";
import type { ByteLimit } from "./byte-limit.ts";
import { joinURL } from "./join-url.ts";
import type { Transport, TransportResponse } from "./transport.ts";

/** One request to a vendor's API. */
export interface ApiRequest {
  readonly method: "GET" | "POST";
  readonly baseURL: string;
  /** Below the base URL. */
  readonly path: string;
  /** All headers; none are added. */
  readonly headers: Readonly<Record<string, string>>;
  /** `null` for GET. */
  readonly body: JsonObject | null;
  readonly signal: AbortSignal;
  /** Variables that may name a proxy. */
  readonly env: Env;
  /** As `TransportRequest.onSent`. */
  readonly onSent?: ((sent: boolean) => void) | undefined;
  /** The limit of the reply's body. Default: 64 MB. */
  readonly limit?: ByteLimit | undefined;
}

/** Sends a request and resolves when the head of the reply has arrived, whatever its status. */
export type Sender = (request: ApiRequest) => Promise<TransportResponse>;

/** Creates a sender that uses a transport directly, without an SDK. */
export function createSender(transport: Transport): Sender {
  return ({ method, baseURL, path, headers, body, signal, env, onSent, limit }) =>
    transport({
      method,
      url: joinURL(baseURL, path),
      headers,
      body: body === null ? null : JSON.stringify(body),
      signal,
      env,
      onSent,
      limit,
    });
}
