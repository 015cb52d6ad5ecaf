import { joinURL } from "../http/join-url.ts";
import type { ApiRequest, Sender } from "../http/sender.ts";
import type { Transport, TransportResponse } from "../http/transport.ts";
import type { SDKClient } from "./sdk-client.ts";

/** What a client of an SDK needs to call: a function like `fetch`. */
export type SDKFetch = (url: unknown, init?: object) => Promise<Response>;

/** A request on its way through the SDK, and the reply to it. */
interface PendingRequest {
  readonly request: ApiRequest;
  reply: Promise<TransportResponse> | null;
}

/** The member of the options of `fetch` that takes a request through the SDK. */
const OUTGOING: unique symbol = Symbol("outgoing");

/**
 * Sends requests by a client of an official SDK that is ours, in the way that the SDK documents: `post` and `get` with a `fetch` of our own,
 * which sends by the transport. Method, address, headers and key are exactly those of the request, whatever the client would
 * have sent, and the reply is read here: the SDK gets an empty success.
 *
 * @param connect - makes the client. It must not retry, log or read the environment where that can be turned off
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
    // It is awaited a few turns later, behind the SDK, which would hide what went wrong in errors of its own.
    outgoing.reply.catch(() => {});
    return Promise.resolve(new Response(null));
  });

  return async (request) => {
    const outgoing: PendingRequest = { request, reply: null };
    // Time and aborts belong to core and the transport: the SDK waits for nothing.
    const options = { maxRetries: 0, fetchOptions: { [OUTGOING]: outgoing } };
    const { path, body } = request;
    await (body === null ? client.get(path, options) : client.post(path, { ...options, body })).asResponse();
    if (outgoing.reply === null) throw new Error("the SDK answered without sending");
    return outgoing.reply;
  };
}

function outgoingOf(init: object | undefined): PendingRequest {
  // Put there below; the SDKs hand on what they find among the options of `fetch`.
  const { [OUTGOING]: outgoing } = (init ?? {}) as { readonly [OUTGOING]?: PendingRequest };
  if (outgoing === undefined) throw new Error("the SDK sent a request by itself");
  return outgoing;
}

/** The body as the SDK wrote it; `null` where it is not text. */
function writtenBody(init: object | undefined): string | null {
  return init !== undefined && "body" in init && typeof init.body === "string" ? init.body : null;
}
