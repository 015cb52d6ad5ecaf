import type { ResponseHead } from "@babylon/llm-core";
import { echoesSecret } from "../http/echoes-secret.ts";
import type { ResponseHeaders, TransportResponse } from "../http/transport.ts";
import { parseRateLimits } from "./parse-rate-limits.ts";

/** The shape of an id: UUIDs, `req_…`, trace ids, base64. */
const ID = /^[A-Za-z0-9][\w.:+/=-]{0,127}$/;
/** Ids of more characters have a digit; words joined by hyphens do not. */
const LONGEST_WORD = 16;

/**
 * The vendor's id of the request (`x-request-id`, Anthropic's `request-id`); `null` when the reply has none, or something that is not an
 * id or that echoes a key.
 *
 * @param secrets - keys in use
 */
export function requestIdOf(headers: ResponseHeaders, secrets: readonly string[]): string | null {
  const id = headers.get("x-request-id") ?? headers.get("request-id");
  if (id === null || !ID.test(id) || (id.length > LONGEST_WORD && !/\d/.test(id))) return null;
  return echoesSecret(id, secrets) ? null : id;
}

/** What `AttemptContext.onResponse` is told of a reply. */
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
