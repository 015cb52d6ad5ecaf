import { joinURL } from "../http/join-url.ts";
import type { ApiRequest, Sender } from "../http/sender.ts";
import type { Transport, TransportResponse } from "../http/transport.ts";
import type { SDKClient } from "./sdk-client.ts";

/** The `fetch` function that an SDK client calls. */
export type SDKFetch = (url: unknown, init?: object) => Promise<Response>;

/** A request that passes through the SDK, and its reply. */
interface PendingRequest {
  readonly request: ApiRequest;
  reply: Promise<TransportResponse> | null;
}

/** The field in the options of `fetch` that carries a request through the SDK. */
const OUTGOING: unique symbol = Symbol("outgoing");

/**
 * Creates a sender with our own client of an official SDK, through its documented interface: `post` and `get` with a custom `fetch` that uses
 * the transport. Method, URL, headers and key are exactly those of the request, independent of the client's configuration. The SDK receives
 * an empty success; the real reply is read by the adapter.
 *
 * @param connect - creates the client, with retries, logging and reading of the environment turned off as far as possible
 */
export function createOwnClientSender(transport: Transport, connect: (fetch: SDKFetch) => SDKClient): Sender {
  const client = connect((_url, init) => {
    const outgoing = outgoingOf(init);
    const { baseURL, path, body, ...request } = outgoing.request;
    outgoing.reply = transport({
      ...request,
      url: joinURL(baseURL, path),
      body: body === null ? null : (writtenBody(init) ?? JSON.stringify(body)),
    });
    // Awaited below, after the SDK has returned: the SDK would wrap the failure in its own errors.
    outgoing.reply.catch(() => {});
    return Promise.resolve(new Response(null));
  });

  return async (request) => {
    const outgoing: PendingRequest = { request, reply: null };
    // Timeouts and aborts are handled by core and transport, not by the SDK.
    const options = { maxRetries: 0, fetchOptions: { [OUTGOING]: outgoing } };
    const { path, body } = request;
    await (body === null ? client.get(path, options) : client.post(path, { ...options, body })).asResponse();
    if (outgoing.reply === null) throw new Error("the SDK returned without sending the request");
    return outgoing.reply;
  };
}

function outgoingOf(init: object | undefined): PendingRequest {
  // Set by the sender above; the SDKs pass on the options of `fetch` unchanged.
  const { [OUTGOING]: outgoing } = (init ?? {}) as { readonly [OUTGOING]?: PendingRequest };
  if (outgoing === undefined) throw new Error("the SDK sent an unexpected request");
  return outgoing;
}

/** The body that the SDK serialized; `null` if it is not text. */
function writtenBody(init: object | undefined): string | null {
  return init !== undefined && "body" in init && typeof init.body === "string" ? init.body : null;
}
