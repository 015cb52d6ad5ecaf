import {
  type ByteLimit,
  DEFAULT_LIMIT,
  readBody,
  type TransportRequest,
  type TransportResponse,
} from "@babylon/provider-kit";
import { type ByteQueue, createByteQueue } from "./body/byte-queue.ts";
import { decodeBody } from "./body/decode-body.ts";
import { rawHeaders } from "./body/raw-headers.ts";
import { isClosedByServer } from "./connections/connections.ts";
import type { RawText } from "./connections/dispatcher.ts";
import { type PendingConnects, type Pool, removeWaiting } from "./connections/pool.ts";
import type { RequestTarget } from "./request-target.ts";

const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** The reason for closing the socket of a request whose reply is no longer read. It is never reported. */
const NOT_READ = new Error("the reply is no longer read");

/**
 * Sends a request as `fetch` does, directly by its dispatcher, with the result of a `Transport`.
 *
 * @param onClosedByServer - called when the server closed the connection before it answered
 */
export function dispatchRequest(
  pool: Pool,
  { origin, path }: RequestTarget,
  { method, url, headers, body, signal, onSent, limit = DEFAULT_LIMIT }: TransportRequest,
  onClosedByServer: () => void,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    let settled = false;
    let closeSocket: ((reason: Error) => void) | null = null;
    // Created lazily: thousands of requests may be waiting for their response headers.
    let queue: ByteQueue | null = null;
    /** Set until the request has a connection. */
    let waiting: PendingConnects | null = null;

    /** Ends the request and closes its socket. */
    function finish(): void {
      settle();
      closeSocket?.(NOT_READ);
    }

    function settle(): void {
      if (settled) return;
      settled = true;
      signal.removeEventListener("abort", abort);
      stopWaiting(false);
    }

    function stopWaiting(isConnected: boolean): void {
      if (waiting !== null) removeWaiting(waiting, isConnected);
      waiting = null;
    }

    /** Rejects before the socket is closed, so that the caller gets the reason of the abort and not the error of the socket. */
    function abort(): void {
      reject(signal.reason);
      queue?.abort(signal.reason);
      finish();
    }

    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    signal.addEventListener("abort", abort);
    waiting = pool.waitingAt(origin);
    if (waiting !== null) waiting.requests += 1;
    pool.dispatch(
      // Core applies the time limits.
      { origin, path, method, headers: { ...headers }, body, headersTimeout: 0, bodyTimeout: 0 },
      {
        onConnect(close) {
          closeSocket = close;
          stopWaiting(true);
          // The request was aborted before it had a connection.
          if (settled) close(NOT_READ);
          else onSent?.(true);
        },
        onHeaders(status, raw, resume) {
          if (status < 200) return true;
          queue = createByteQueue({ resume, close: finish }, limit);
          resolve(toResponse(url, status, raw, { queue, limit }));
          return true;
        },
        onData: (piece) => queue?.push(piece) ?? true,
        onComplete() {
          settle();
          queue?.end();
        },
        onError(error) {
          settle();
          if (queue === null && !signal.aborted && isClosedByServer(error)) onClosedByServer();
          reject(error);
          queue?.fail(error);
        },
      },
    );
  });
}

function toResponse(
  url: string,
  status: number,
  raw: readonly RawText[],
  { queue, limit }: { readonly queue: ByteQueue; readonly limit: ByteLimit },
): TransportResponse {
  const headers = rawHeaders(raw);
  const coding = headers.get("content-encoding");
  const encoded = { [Symbol.asyncIterator]: () => queue.reader };
  const content = coding === null ? encoded : decodeBody(encoded, coding, limit);
  async function text(): Promise<string> {
    // A short body has usually arrived together with its headers.
    const whole = coding === null ? queue.whole() : null;
    return whole === null ? readBody(content) : utf8.decode(whole);
  }

  return {
    status,
    ok: status >= 200 && status < 300,
    url,
    headers,
    body: NO_BODY.has(status) ? null : content,
    text,
    json: async () => JSON.parse(await text()),
  };
}

const utf8 = new TextDecoder();
