import type { ResponseHead } from "@babylon/llm-core";
import { parseRateLimits } from "./parse-rate-limits.ts";
import type { ResponseHeaders, TransportResponse } from "./transport.ts";

/** The vendor's id of the request (`x-request-id`, Anthropic's `request-id`); `null` when the reply has none. */
export function requestIdOf(headers: ResponseHeaders): string | null {
  return headers.get("x-request-id") ?? headers.get("request-id");
}

/** What `AttemptContext.onResponse` is told of a reply. */
export function responseHead(response: Pick<TransportResponse, "status" | "headers">, nowMs: number): ResponseHead {
  return {
    status: response.status,
    requestId: requestIdOf(response.headers),
    rateLimits: parseRateLimits(response.headers, nowMs),
  };
}
