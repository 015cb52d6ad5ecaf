import type { TransportRequest, TransportResponse } from "@babylon/provider-kit";
import { DispatchedRequest, type RequestRoute } from "./dispatched-request.ts";
import type { RequestTarget } from "./request-target.ts";

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
    const exchange = new DispatchedRequest(route, target, request, resolve, reject);
    exchange.place.dispatcher.dispatch(
      // Core applies the time limits.
      { origin, path, method, headers: { ...headers }, body, headersTimeout: 0, bodyTimeout: 0 },
      exchange,
    );
  });
}
