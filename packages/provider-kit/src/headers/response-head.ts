import type { ResponseHead } from "@babylon/llm-core";
import { echoesSecret } from "../http/echoes-secret.ts";
import type { ResponseHeaders, TransportResponse } from "../http/transport.ts";
import { parseRateLimits } from "./parse-rate-limits.ts";

/** Matches an id: UUIDs, `req_…`, trace ids, base64. */
const ID = /^[A-Za-z0-9][\w.:+/=-]{0,127}$/;
/** Longer ids must contain a digit, which hyphenated words do not. */
const LONGEST_WORD = 16;

/**
 * The vendor's request id (`x-request-id`, Anthropic's `request-id`); `null` if it is absent, malformed or echoes a key.
 *
 * @param secrets - keys in use
 */
export function requestIdOf(headers: ResponseHeaders, secrets: readonly string[]): string | null {
  const id = headers.get("x-request-id") ?? headers.get("request-id");
  if (id === null || !ID.test(id) || (id.length > LONGEST_WORD && !/\d/.test(id))) return null;
  return echoesSecret(id, secrets) ? null : id;
}

/** The head of a reply, for `AttemptContext.onResponse`. */
export function responseHead(
  response: Pick<TransportResponse, "status" | "headers">,
  secrets: readonly string[],
  nowMs: number,
): ResponseHead {
  return {
    status: response.status,
    requestId: requestIdOf(response.headers, secrets),
    rateLimits: parseRateLimits(response.headers, nowMs),
  };
}
