import type { Transport, TransportResponse } from "./transport.ts";

/** A function like the platform's `fetch`. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A transport over `fetch`.
 *
 * @param fetch - default: the platform's, looked up at each request, so that one installed later is used too
 */
export function fetchTransport(fetch?: FetchFunction): Transport {
  return async ({ method, url, headers, body, signal }) => {
    const send = fetch ?? globalThis.fetch;
    // A redirect would carry the key and the prompt to a place nobody configured: it is shown, not followed.
    const response = await send(url, { method, headers: { ...headers }, body, signal, redirect: "manual" });
    return toTransportResponse(response);
  };
}

function toTransportResponse(response: Response): TransportResponse {
  const stream = response.body;
  return {
    status: response.status,
    ok: response.ok,
    url: response.url,
    headers: response.headers,
    body: stream === null ? null : { [Symbol.asyncIterator]: () => readBytes(stream) },
    text: () => response.text(),
    json: () => response.json(),
  };
}

/**
 * By a reader, because not every platform lets a `ReadableStream` be iterated, and because leaving closes the stream even while a
 * read is waiting.
 */
function readBytes(stream: ReadableStream<Uint8Array>): AsyncIterator<Uint8Array, undefined> {
  const reader = stream.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    async return() {
      // Not awaited: closing must not hold up who leaves, and what it says no longer matters to anyone.
      reader.cancel().catch(() => {});
      return { done: true, value: undefined };
    },
  };
}
