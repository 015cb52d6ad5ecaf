import { BodyTooLargeError } from "./body-too-large.ts";
import { type ByteLimit, DEFAULT_LIMIT } from "./byte-limit.ts";
import { readBody } from "./read-body.ts";
import type { Transport, TransportResponse } from "./transport.ts";

/** A function like the platform's `fetch`. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A transport over `fetch`.
 *
 * @param fetch - default: the platform's, looked up at each request, so that one installed later is used too
 */
export function fetchTransport(fetch?: FetchFunction): Transport {
  return async ({ method, url, headers, body, signal, limit = DEFAULT_LIMIT }) => {
    const send = fetch ?? globalThis.fetch;
    // A redirect would carry the key and the prompt to a place nobody configured: it is shown, not followed.
    const response = await send(url, { method, headers: { ...headers }, body, signal, redirect: "manual" });
    return toTransportResponse(response, limit);
  };
}

function toTransportResponse(response: Response, limit: ByteLimit): TransportResponse {
  const stream = response.body;
  const body = stream === null ? null : { [Symbol.asyncIterator]: () => readBytes(stream, limit) };
  // Not its own `text()`, which reads without a limit.
  const text = async (): Promise<string> => (body === null ? "" : readBody(body));
  return {
    status: response.status,
    ok: response.ok,
    url: response.url,
    headers: response.headers,
    body,
    text,
    json: async () => JSON.parse(await text()),
  };
}

/**
 * By a reader, because not every platform lets a `ReadableStream` be iterated, and because leaving closes the stream even while a
 * read is waiting.
 */
function readBytes(stream: ReadableStream<Uint8Array>, limit: ByteLimit): AsyncIterator<Uint8Array, undefined> {
  const reader = stream.getReader();
  let left = limit.bytes;

  /** Not awaited: closing must not hold up who leaves, and what it says no longer matters to anyone. */
  function leave(): void {
    reader.cancel().catch(() => {});
  }

  return {
    async next() {
      const { done, value } = await reader.read();
      if (done) return { done, value: undefined };
      left -= value.byteLength;
      if (left >= 0) return { done, value };
      leave();
      throw new BodyTooLargeError(limit);
    },
    async return() {
      leave();
      return { done: true, value: undefined };
    },
  };
}
