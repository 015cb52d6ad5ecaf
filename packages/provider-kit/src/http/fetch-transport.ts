import { BodyTooLargeError } from "./body-too-large.ts";
import { type ByteLimit, DEFAULT_LIMIT } from "./byte-limit.ts";
import { isNotConnected } from "./is-not-connected.ts";
import { readBody } from "./read-body.ts";
import type { Transport, TransportResponse } from "./transport.ts";
import { withoutMessage } from "./without-message.ts";

/** A function like the platform's `fetch`. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Creates a transport over `fetch`. Errors of the caller's own function, also while the body is read, are passed on with name and code but
 * without message, which may contain secrets.
 *
 * @param fetch - default: the platform's, resolved at each request, so that one installed later is used as well
 */
export function fetchTransport(fetch?: FetchFunction): Transport {
  return async ({ method, url, headers, body, signal, onSent, limit = DEFAULT_LIMIT }) => {
    const send = fetch ?? globalThis.fetch;
    const guard: Guard = fetch === undefined ? (work) => work() : guardWithoutMessage;
    // Redirects are returned, not followed: they would send key and prompt to a host that is not configured.
    const init: RequestInit = { method, headers: { ...headers }, body, signal, redirect: "manual" };
    // `fetch` does not report when the request is sent, only that it failed to connect.
    if (!signal.aborted) onSent?.(true);
    try {
      return toTransportResponse(await guard(() => send(url, init)), { limit, guard });
    } catch (thrown) {
      if (isNotConnected(thrown)) onSent?.(false);
      throw thrown;
    }
  };
}

/** Runs work in which the caller's function may throw. */
type Guard = <T>(work: () => Promise<T>) => Promise<T>;

interface BodyOptions {
  readonly limit: ByteLimit;
  readonly guard: Guard;
}

async function guardWithoutMessage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw withoutMessage(thrown);
  }
}

function toTransportResponse(response: Response, options: BodyOptions): TransportResponse {
  const stream = response.body;
  const body = stream === null ? null : { [Symbol.asyncIterator]: () => readBytes(stream, options) };
  // Not the `text()` of the response, which reads without a limit.
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
 * Reads with a reader, because not every platform can iterate a `ReadableStream`, and because canceling the reader closes the stream even
 * while a read is pending.
 */
function readBytes(
  stream: ReadableStream<Uint8Array>,
  { limit, guard }: BodyOptions,
): AsyncIterator<Uint8Array, undefined> {
  const reader = stream.getReader();
  let remainingBytes = limit.bytes;

  /** Not awaited: closing must not delay the caller, and its errors are irrelevant. */
  function cancel(): void {
    reader.cancel().catch(() => {});
  }

  return {
    async next() {
      const { done, value } = await guard(() => reader.read());
      if (done) return { done, value: undefined };
      remainingBytes -= value.byteLength;
      if (remainingBytes >= 0) return { done, value };
      cancel();
      throw new BodyTooLargeError(limit);
    },
    async return() {
      cancel();
      return { done: true, value: undefined };
    },
  };
}
