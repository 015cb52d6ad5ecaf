import type { TransportRequest, TransportResponse } from "@babylon/provider-kit";
import type { Connections } from "./connections/connections.ts";
import type { Pool } from "./connections/pool.ts";
import type { PoolSource } from "./connections/pool-source.ts";
import { Exchange } from "./exchange.ts";
import type { RequestTarget } from "./request-target.ts";

/** The connections that a request uses. */
export interface RequestRoute {
  readonly pool: Pool;
  /** Where the pool is from. */
  readonly source: PoolSource;
  /** Informed when the server closed the connection before it answered. */
  readonly connections: Pick<Connections, "renew">;
}

/** Sends a request as `fetch` does, directly by its dispatcher, with the result of a `Transport`. */
export function dispatchRequest(
  route: RequestRoute,
  target: RequestTarget,
  request: TransportRequest,
): Promise<TransportResponse> {
  const { origin, path } = target;
  const { method, headers, body, signal } = request;
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(route, target, request, resolve, reject);
    exchange.place.dispatcher.dispatch(
      // Core applies the time limits.
      { origin, path, method, headers: { ...headers }, body, headersTimeout: 0, bodyTimeout: 0 },
      exchange,
    );
  });
}
