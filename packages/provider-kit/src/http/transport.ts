import type { Env } from "@babylon/llm-core";
import type { ByteLimit } from "./byte-limit.ts";

/** One HTTP request of a {@link Transport}. */
export interface TransportRequest {
  readonly method: "GET" | "POST";
  /** Absolute. */
  readonly url: string;
  /** Names in lower case. Sent unchanged; no header that identifies the machine is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Closes the socket immediately, also while the body is read; pending reads reject with the signal's reason. */
  readonly signal: AbortSignal;
  /** Variables that may name a proxy (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`). Default: no proxy. */
  readonly env?: Env | undefined;
  /**
   * Called with `true` when the request is about to be written to a connection, or from when on it may be written if the platform does not
   * report that; with `false` if there turns out to be no connection. Never called: nothing was written.
   */
  readonly onSent?: ((sent: boolean) => void) | undefined;
  /**
   * The maximum size of the body, counted after decompression. Reading a larger body rejects with a `BodyTooLargeError` and closes the
   * socket. Default: 64 MB.
   */
  readonly limit?: ByteLimit | undefined;
}

/** The headers of a reply: the read methods of `Headers`. */
export interface ResponseHeaders {
  /** The value of a header, case-insensitive; several values are joined with a comma. `null` if there is none. */
  get(name: string): string | null;
  /** Names in lower case. */
  entries(): Iterable<[string, string]>;
}

/**
 * A reply whose head has arrived: the subset of `Response` that the official SDKs use.
 *
 * The body can be read once, with `body`, `text()` or `json()`. Breaking out of the iteration of `body` closes the socket.
 */
export interface TransportResponse {
  readonly status: number;
  /** Whether `status` is 200 to 299. */
  readonly ok: boolean;
  readonly url: string;
  readonly headers: ResponseHeaders;
  /** The same object at each access; `null` if the reply has no body. */
  readonly body: AsyncIterable<Uint8Array> | null;
  /** Reads the complete body as UTF-8 text. */
  text(): Promise<string>;
  /** Parses the complete body. Rejects with a `SyntaxError` if it is not JSON. */
  json(): Promise<unknown>;
}

/**
 * Sends one request and resolves when the head of the reply has arrived, with any status. Does not retry, follow redirects or apply
 * timeouts. Rejects with the platform's error or the signal's reason.
 */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;
