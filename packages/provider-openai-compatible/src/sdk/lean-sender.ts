import {
  type ApiRequest,
  createSender,
  type Sender,
  type Transport,
  type TransportResponse,
} from "@babylon/provider-kit";
import type { OpenAI } from "openai";
import { Completions } from "openai/resources/chat/completions/completions";
import { Models } from "openai/resources/models";

/** What the resource for Chat Completions receives, and unwraps at once (`APIPromise`, openai 7.57, 2026-11). */
interface SDKReply {
  _thenUnwrap(): Promise<TransportResponse>;
}

/** The request options that pass through a resource, with the request itself. */
type SDKOptions = Promise<{ readonly request: ApiRequest }> | { readonly request: ApiRequest };

/** The methods of the SDK client that the resources below call. */
interface SDKClient {
  post(path: string, options: SDKOptions): SDKReply;
  getAPIList(path: string, page: unknown, options: SDKOptions): Promise<TransportResponse>;
}

/**
 * Creates a sender that uses the official SDK's resources for Chat Completions and models, on a minimal client that sends with the transport.
 * The SDK's own client is not loaded: it needs 206 more files than these 31 (openai 7.57), reads base URL, keys, organization, project and
 * headers from the environment (`OPENAI_BASE_URL`, `OPENAI_CUSTOM_HEADERS`, …) for any vendor, and has timeouts and retries of its own, which
 * belong to core.
 *
 * These are internals of the SDK, so they are used only with the tested version (`loadSDKSender`).
 */
export function createSDKSender(transport: Transport): Sender {
  const send = createSender(transport);
  const at = (path: string, options: SDKOptions): Promise<TransportResponse> =>
    Promise.resolve(options).then(({ request }) => send({ ...request, path }));
  const own: SDKClient = {
    post(path, options) {
      const reply = at(path, options);
      // The SDK's parsing is skipped: the adapter reads the reply.
      return { _thenUnwrap: () => reply };
    },
    getAPIList: (path, _page, options) => at(path, options),
  };
  // The resources require the complete client by type, but only call these two methods.
  const client = own as unknown as OpenAI;
  const completions = new Completions(client);
  const models = new Models(client);

  return (request) => {
    const options: object = { request };
    // The SDK's types describe its own bodies and replies; here both pass through unchanged.
    const reply: unknown =
      request.body === null
        ? models.list(options)
        : completions.create(request.body as unknown as Parameters<Completions["create"]>[0], options);
    return reply as Promise<TransportResponse>;
  };
}
