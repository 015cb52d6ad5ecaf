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

/** What a resource of the SDK gets for a request: a promise that it may want to unwrap (`APIPromise`, openai 7.57, 2026-11). */
type SDKReply = Promise<TransportResponse> & { _thenUnwrap(): SDKReply };

/** The options of a request on their way through a resource, with what was put beside them. */
type SDKOptions = Promise<{ readonly request: ApiRequest }> | { readonly request: ApiRequest };

/** As much of the SDK's client as the resources below call. */
interface SDKClient {
  post(path: string, options: SDKOptions): SDKReply;
  getAPIList(path: string, page: unknown, options: SDKOptions): SDKReply;
}

/** The reply is read by us: what the SDK would make of it is left out. */
const UNPARSED = {
  _thenUnwrap(this: SDKReply): SDKReply {
    return this;
  },
};

/**
 * The official SDK's resources of Chat Completions and of models, on a client of our own, which sends what they ask for by the
 * transport. The SDK's own client is not loaded: it brings 206 files more than these 31 (openai 7.57), takes its address, keys,
 * organisation, project and headers from the environment (`OPENAI_BASE_URL`, `OPENAI_CUSTOM_HEADERS`, …), whoever the vendor is, and keeps time and retries,
 * which belong to core.
 *
 * These are inner parts of the SDK: only for the version that was tested (`loadSDKSender`).
 */
export function createSDKSender(transport: Transport): Sender {
  const send = createSender(transport);
  const at = (path: string, options: SDKOptions): SDKReply =>
    Object.assign(
      Promise.resolve(options).then(({ request }) => send({ ...request, path })),
      UNPARSED,
    );
  const own: SDKClient = { post: at, getAPIList: (path, _page, options) => at(path, options) };
  // The resources take the whole client by its type, and call these two of it.
  const client = own as unknown as OpenAI;
  const completions = new Completions(client);
  const models = new Models(client);

  return (request) => {
    const options: object = { request };
    // The types are those of bodies that the SDK knows and of replies that it reads; both go through as they are.
    const reply: unknown =
      request.body === null
        ? models.list(options)
        : completions.create(request.body as unknown as Parameters<Completions["create"]>[0], options);
    return reply as Promise<TransportResponse>;
  };
}
