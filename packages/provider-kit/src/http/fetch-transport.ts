import { BodyTooLargeError } from "./body-too-large.ts";
import { type ByteLimit, DEFAULT_LIMIT } from "./byte-limit.ts";
import { isNotConnected } from "./is-not-connected.ts";
import { readBody } from "./read-body.ts";
import type { Transport, TransportResponse } from "./transport.ts";
import { withoutMessage } from "./without-message.ts";

/** A function like the platform's `fetch`. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A transport over `fetch`. Of what a function of the caller's throws, also while its reply is read, name and code are passed on, and no
 * message.
 *
 * @param fetch - default: the platform's, looked up at each request, so that one installed later is used too
 */
export function fetchTransport(fetch?: FetchFunction): Transport {
  return async ({ method, url, headers, body, signal, onSent, limit = DEFAULT_LIMIT }) => {
    const send = fetch ?? globalThis.fetch;
    const pass: Pass = fetch === undefined ? (work) => work() : passWithoutMessages;
    // A redirect would carry the key and the prompt to a place nobody configured: it is shown, not followed.
    const init: RequestInit = { method, headers: { ...headers }, body, signal, redirect: "manual" };
    // When it leaves cannot be seen; that it did not can.
    if (!signal.aborted) onSent?.(true);
    try {
      return toTransportResponse(await pass(() => send(url, init)), { limit, pass });
    } catch (thrown) {
      if (isNotConnected(thrown)) onSent?.(false);
      throw thrown;
    }
  };
}

/** Does something that the caller's function may fail at. */
type Pass = <T>(work: () => Promise<T>) => Promise<T>;

interface Reading {
  readonly limit: ByteLimit;
  readonly pass: Pass;
}

async function passWithoutMessages<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw withoutMessage(thrown);
  }
}

function toTransportResponse(response: Response, reading: Reading): TransportResponse {
  const stream = response.body;
  const body = stream === null ? null : { [Symbol.asyncIterator]: () => readBytes(stream, reading) };
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
function readBytes(stream: ReadableStream<Uint8Array>, { limit, pass }: Reading): AsyncIterator<Uint8Array, undefined> {
  const reader = stream.getReader();
  let left = limit.bytes;

  /** Not awaited: closing must not hold up who leaves, and what it says no longer matters to anyone. */
  function leave(): void {
    reader.cancel().catch(() => {});
  }

  return {
    async next() {
      const { done, value } = await pass(() => reader.read());
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
