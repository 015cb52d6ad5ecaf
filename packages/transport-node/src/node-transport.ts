import type { Transport } from "@babylon/provider-kit";
import { type FetchFunction, fetchTransport } from "@babylon/provider-kit";
import { createSourceChooser } from "./connections/choose-source.ts";
import { createConnections } from "./connections/connections.ts";
import { createDispatcherFinder } from "./connections/platform-dispatcher.ts";
import { dispatchRequest } from "./dispatch-request.ts";
import { createTargetParser } from "./request-target.ts";

/**
 * The transport of the platform, with as little between the adapter and the socket as the platform allows.
 *
 * On Node a request goes to the dispatcher below `fetch`: the same connections, proxies, certificates and diagnostics, without
 * building a `Request`, a `Response` and two web streams for it, which takes most of the time of a short call. A `fetch` that
 * is given here or that replaced the global one, a global dispatcher of the application's own, and every other platform get their
 * requests through `fetch`.
 *
 * `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of the request's `env` hold, with or without `NODE_USE_ENV_PROXY=1`. Where a request
 * goes through `fetch`, it is for that `fetch` to keep to them.
 *
 * It sends nothing twice. When the server gives a connection up before it answers, later requests to it open new ones.
 *
 * It asks for no compression; replies that are compressed all the same (gzip, deflate, br, zstd) are decoded as they arrive.
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
      return dispatchRequest(pool, target, request, () => connections.renew(target.origin, source, pool));
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  };
}
