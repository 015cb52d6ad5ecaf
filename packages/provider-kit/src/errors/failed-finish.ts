import type { LLMError } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import type { TransportResponse } from "../http/transport.ts";
import { cleanText } from "./clean-text.ts";
import { responseError } from "./response-error.ts";

/** The error code of an answer that the server, not the model, ended. */
export type FailedFinish = "overloaded" | "invalid_response" | "truncated";

/** Longer reasons are cut before they are matched. */
const MAX_LENGTH = 100;

/**
 * Patterns of such reasons, reduced to letters, in order of precedence: DeepSeek's `insufficient_system_resource`, Gemini's
 * `MALFORMED_FUNCTION_CALL`, vLLM's `abort`, OpenRouter's `error`, and synonyms (2026-11).
 */
const FAILURES: readonly (readonly [RegExp, FailedFinish])[] = [
  [/overload|insufficient|unavailable|capacity|exhausted|outofmemory|throttl|ratelimit|toomanyrequests/, "overloaded"],
  [/malformed|invalid|unexpectedtool|toomanytool/, "invalid_response"],
  [
    /error|fail|abort|cancel|timeout|timedout|interrupt|incomplete|disconnect|connection|network|crash|kill|terminat|preempt|evict|exception|shutdown/,
    "truncated",
  ],
];

/**
 * Maps a finish reason that reports a failure, in any case and spelling; `null` for any other one. Call it only for reasons that the wire
 * does not define.
 */
export function failedFinish(reason: string): FailedFinish | null {
  const letters = reason
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .replace(/[^a-z]/g, "");
  return FAILURES.find(([pattern]) => pattern.test(letters))?.[1] ?? null;
}

/** The error of an answer that the server did not complete. */
export function failedFinishError(
  failure: FailedFinish,
  reason: string,
  response: Pick<TransportResponse, "status" | "headers">,
  facts: AttemptFacts,
  body: unknown,
): LLMError {
  return responseError(failure, `failed to complete its answer (${cleanText(reason, facts)})`, response, facts, body);
}
