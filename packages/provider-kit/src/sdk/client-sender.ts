import { isLLMError } from "@babylon/llm-core";
import { fetchTransport } from "../http/fetch-transport.ts";
import { isNotConnected } from "../http/is-not-connected.ts";
import type { ApiRequest, Sender } from "../http/sender.ts";
import type { TransportResponse } from "../http/transport.ts";
import type { SDKClient } from "./sdk-client.ts";
import { toErrorReply } from "./to-error-reply.ts";

/**
 * Sends requests by a client of the caller's: its address, its authentication, its `fetch`. Path, body and headers are those of the
 * request; nothing is sent twice, but where the client renews a token after a 401.
 */
export function createClientSender(client: SDKClient): Sender {
  function send({ path, headers, body, signal }: ApiRequest): Promise<Response> {
    const options = { headers: { ...headers }, signal, maxRetries: 0 };
    if (body === null) return client.get(path, options).asResponse();
    return client.post(path, { ...options, body, stream: body.stream === true }).asResponse();
  }

  function errorReply(thrown: unknown, { onSent }: ApiRequest): TransportResponse {
    try {
      return toErrorReply(thrown, client);
    } catch (error) {
      // A request that could not be signed has not left.
      if (isNotConnected(thrown) || isLLMError(error, "auth")) onSent?.(false);
      throw error;
    }
  }

  return async (request) => {
    /** As the client threw it: the transport passes on no more than its name and code. */
    let ofClient: unknown = null;
    const sent = (): Promise<Response> =>
      send(request).catch((thrown: unknown) => {
        ofClient = thrown;
        throw thrown;
      });
    try {
      // The client stands in the place of `fetch`: its response is read as one of `fetch` is.
      return await fetchTransport(sent)({ ...request, url: request.path, body: null });
    } catch (thrown) {
      return errorReply(ofClient ?? thrown, request);
    }
  };
}
