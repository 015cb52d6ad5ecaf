import type { Transport } from "@babylon/provider-kit";
import { type FetchFunction, fetchTransport } from "@babylon/provider-kit";
import { createSourceChooser } from "./connections/choose-source.ts";
import { createConnections } from "./connections/connections.ts";
import { createDispatcherFinder } from "./connections/platform-dispatcher.ts";
import { dispatchRequest } from "./dispatch-request.ts";
import { createTargetParser } from "./request-target.ts";

/**
 * Creates the transport of the platform.
 *
 * On Node a request goes directly to the dispatcher of `fetch`: the same connections, proxies, certificates and diagnostics, without the
 * `Request`, the `Response` and the two web streams that `fetch` creates, which take most of the time of a short call. Requests go through
 * `fetch` when one is passed here, when the global `fetch` or the global dispatcher was replaced, and on other platforms.
 *
 * `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of the request's `env` apply, with or without `NODE_USE_ENV_PROXY=1`. For requests through
 * `fetch`, proxies are up to that `fetch`.
 *
 * No request is sent twice. When the server closes a connection before it answers, later requests to it open new connections.
 *
 * It does not request compression; compressed replies (gzip, deflate, br, zstd) are decoded as they arrive.
 *
 * @param fetch - default: the platform's, looked up at each request
 */
export function nodeTransport(fetch?: FetchFunction): Transport {
  const byFetch = fetchTransport(fetch);
  if (fetch !== undefined) return byFetch;
  const findDispatcher = createDispatcherFinder();
  const targetOf = createTargetParser();
  const chooseSource = createSourceChooser();
  const connections = createConnections();
  return (request) => {
    const platform = findDispatcher();
    if (platform === null) return byFetch(request);
    try {
      const target = targetOf(request.url);
      const source = chooseSource(target.origin, platform, request.env);
      const pool = connections.of(target.origin, source);
      return dispatchRequest({ pool, source, connections }, target, request);
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  };
}
