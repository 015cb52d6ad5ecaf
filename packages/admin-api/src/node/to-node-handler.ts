import type { IncomingMessage, ServerResponse } from "node:http";
import { sendResponse } from "./send-response.ts";
import { toRequest } from "./to-request.ts";

/** What answers a request where the web's own types are used. */
export type WebHandler = (request: Request) => Response | Promise<Response>;

/** A listener of `node:http`, and a handler of Express. */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => Promise<void>;

/**
 * Serves a handler of the web's `Request` with `node:http`, Express or whatever else passes on their two objects. The path is that of the
 * request line, also below a mounted Express router. Bodies are streamed both ways, or taken from `req.body` where a parser such as
 * `express.json()` has read them before. When the client leaves, `request.signal` is aborted and the response's body canceled; a body that
 * fails cuts the connection. What the handler throws goes to `next`, without one it is a plain 500.
 */
export function toNodeHandler(handler: WebHandler): NodeHandler {
  return async (incoming, outgoing, next) => {
    const leaving = new AbortController();
    // The client may have disconnected while middleware was running: then there is no further `close` event.
    if (outgoing.destroyed && !outgoing.writableFinished) leaving.abort();
    outgoing.once("close", () => {
      if (!outgoing.writableFinished) leaving.abort();
    });
    try {
      const request = toRequest(incoming, leaving.signal);
      const response = request === null ? new Response("Bad Request", { status: 400 }) : await handler(request);
      await sendResponse(response, outgoing, leaving.signal);
    } catch (thrown) {
      if (outgoing.headersSent) outgoing.destroy();
      else if (next !== undefined) next(thrown);
      else outgoing.writeHead(500, { "content-type": "text/plain" }).end("Internal Server Error");
    } finally {
      // Unread data of the request would block its connection for the next one.
      incoming.resume();
    }
  };
}
