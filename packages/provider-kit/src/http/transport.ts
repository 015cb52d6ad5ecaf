import type { Env } from "@babylon/llm-core";
import type { ByteLimit } from "./byte-limit.ts";

/** One HTTP request, as an SDK or an adapter hands it to a {@link Transport}. */
export interface TransportRequest {
  readonly method: "GET" | "POST";
  /** Absolute. */
  readonly url: string;
  /** Names in lower case. Sent exactly as they are, with nothing added that identifies the machine. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Closes the socket at once, also while the body is being read; reads then fail with the signal's reason. */
  readonly signal: AbortSignal;
  /** Where a proxy may be named (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`). Default: none is used. */
  readonly env?: Env | undefined;
  /**
   * Told `true` when the request is about to be written to a connection, or might be from now on where that cannot be seen; `false`
   * when it turns out that there was none. Not told at all: nothing was written.
   */
  readonly onSent?: ((sent: boolean) => void) | undefined;
  /**
   * How much of the body is read, counted after decoding. Of a larger one, reads fail with a `BodyTooLargeError`, and the socket is
   * closed. Default: 64 MB.
   */
  readonly limit?: ByteLimit | undefined;
}

/** The headers of a reply, read as `Headers` are. */
export interface ResponseHeaders {
  /** The value of a header, whatever its case; several are joined with a comma. `null`: there is none. */
  get(name: string): string | null;
  /** Names in lower case. */
  entries(): Iterable<[string, string]>;
}

/**
 * A reply whose head has arrived: as much of a `Response` as the official SDKs touch, so that they take it for one.
 *
 * The body can be read once, by `body`, `text()` or `json()`. Breaking out of `body` closes the socket.
 */
export interface TransportResponse {
  readonly status: number;
  /** Whether `status` is 200 to 299. */
  readonly ok: boolean;
  readonly url: string;
  readonly headers: ResponseHeaders;
  /** The same object at each access; `null` when the reply has none. */
  readonly body: AsyncIterable<Uint8Array> | null;
  /** The whole body as text, decoded as UTF-8. */
  text(): Promise<string>;
  /** The whole body, parsed. Rejects with a `SyntaxError` when it is not JSON. */
  json(): Promise<unknown>;
}

/**
 * Sends one request and resolves when the head of the reply has arrived, whatever its status. It neither retries nor follows a
 * redirect nor keeps time. It rejects with the platform's own error, or with the signal's reason.
 */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;
