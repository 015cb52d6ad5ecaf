import { isLLMError } from "@babylon/llm-core";
import { fetchTransport } from "../http/fetch-transport.ts";
import { isNotConnected } from "../http/is-not-connected.ts";
import type { ApiRequest, Sender } from "../http/sender.ts";
import type { TransportResponse } from "../http/transport.ts";
import type { SDKClient } from "./sdk-client.ts";
import { toErrorReply } from "./to-error-reply.ts";

/**
 * Creates a sender that uses the caller's SDK client with its base URL, authentication and `fetch`. Path, body and headers are those of the
 * request. Retries are disabled, but a client may send once more after it renewed a token on a 401.
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
      // A request that could not be signed was not sent.
      if (isNotConnected(thrown) || isLLMError(error, "auth")) onSent?.(false);
      throw error;
    }
  }

  return async (request) => {
    /** The client's original error: the transport only passes on its name and code. */
    let clientError: unknown = null;
    const clientFetch = (): Promise<Response> =>
      send(request).catch((thrown: unknown) => {
        clientError = thrown;
        throw thrown;
      });
    try {
      // The client takes the place of `fetch`: its response is a `Response` as well.
      return await fetchTransport(clientFetch)({ ...request, url: request.path, body: null });
    } catch (thrown) {
      return errorReply(clientError ?? thrown, request);
    }
  };
}
