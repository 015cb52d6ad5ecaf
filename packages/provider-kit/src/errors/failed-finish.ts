import type { LLMError } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import type { TransportResponse } from "../http/transport.ts";
import { cleanText } from "./clean-text.ts";
import { responseError } from "./response-error.ts";

/** How a server may say that it, and not the model, ended an answer. */
export type FailedFinish = "overloaded" | "invalid_response" | "truncated";

/** Longer than any reason. */
const MAX_LENGTH = 100;

/**
 * What the letters of such a reason hold, in the order in which they count: DeepSeek's `insufficient_system_resource`, Gemini's
 * `MALFORMED_FUNCTION_CALL`, vLLM's `abort`, OpenRouter's `error`, and the same things in other words (2026-11).
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
 * What a finish reason that means a failure stands for, in any case and spelling; `null` for every other one. To be asked only about
 * reasons that a wire does not know.
 */
export function failedFinish(reason: string): FailedFinish | null {
  const letters = reason
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .replace(/[^a-z]/g, "");
  return FAILURES.find(([pattern]) => pattern.test(letters))?.[1] ?? null;
}

/** The error of an answer that the server gave up on. */
export function failedFinishError(
  failure: FailedFinish,
  reason: string,
  response: Pick<TransportResponse, "status" | "headers">,
  facts: AttemptFacts,
  body: unknown,
): LLMError {
  return responseError(failure, `gave up on its answer (${cleanText(reason, facts)})`, response, facts, body);
}
