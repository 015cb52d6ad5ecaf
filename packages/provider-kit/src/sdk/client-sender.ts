import { toTransportResponse } from "../fetch-transport.ts";
import type { Sender } from "../sender.ts";
import type { SDKClient } from "./sdk-client.ts";
import { toErrorReply } from "./to-error-reply.ts";

/**
 * Sends requests by a client of the caller's: its address, its authentication, its `fetch`. Path, body and headers are those of the
 * request; nothing is sent twice, but where the client renews a token after a 401.
 */
export function createClientSender(client: SDKClient): Sender {
  return async ({ method, path, headers, body, signal }) => {
    const options = { headers: { ...headers }, signal, maxRetries: 0 };
    try {
      const sent =
        body === null || method === "GET"
          ? client.get(path, options)
          : client.post(path, { ...options, body, stream: body.stream === true });
      return toTransportResponse(await sent.asResponse());
    } catch (thrown) {
      return toErrorReply(thrown, client);
    }
  };
}
