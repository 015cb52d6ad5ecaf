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
import { leaveWaiting, type PendingConnects, type Pool } from "./connections/pool.ts";
import type { RequestTarget } from "./request-target.ts";

const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Closes the socket of a request that nobody reads any more. Its error goes nowhere. */
const LEFT = new Error("the reader of the reply has left");

/**
 * What `fetch` does with a request, by the dispatcher below it, and as a {@link Transport}.
 *
 * @param onGivenUp - told when the server gave the connection up before it answered
 */
export function dispatchRequest(
  pool: Pool,
  { origin, path }: RequestTarget,
  { method, url, headers, body, signal, onSent, limit = DEFAULT_LIMIT }: TransportRequest,
  onGivenUp: () => void,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    let settled = false;
    let closeSocket: ((reason: Error) => void) | null = null;
    // Made when there is something to put into it: thousands of requests may wait for their head.
    let queue: ByteQueue | null = null;
    /** Until there is a connection. */
    let waiting: PendingConnects | null = null;

    /** Nothing more is wanted. */
    function finish(): void {
      settle();
      closeSocket?.(LEFT);
    }

    function settle(): void {
      if (settled) return;
      settled = true;
      signal.removeEventListener("abort", abort);
      stopWaiting(false);
    }

    function stopWaiting(isConnected: boolean): void {
      if (waiting !== null) leaveWaiting(waiting, isConnected);
      waiting = null;
    }

    /** Published before the socket is closed, so that nothing else can be taken for the cause. */
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
      // Time belongs to core, so none is kept here.
      { origin, path, method, headers: { ...headers }, body, headersTimeout: 0, bodyTimeout: 0 },
      {
        onConnect(close) {
          closeSocket = close;
          stopWaiting(true);
          // The call was over before there was a connection for it.
          if (settled) close(LEFT);
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
          if (queue === null && !signal.aborted && isClosedByServer(error)) onGivenUp();
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
  const sent = { [Symbol.asyncIterator]: () => queue.reader };
  const content = coding === null ? sent : decodeBody(sent, coding, limit);
  async function text(): Promise<string> {
    // Mostly a short answer came together with its head.
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
