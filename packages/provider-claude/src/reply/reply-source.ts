import { type AttemptContext, LLMError } from "@babylon/llm-core";
import {
  type AttemptFacts,
  cleanText,
  replyError,
  requestIdOf,
  stringField,
  type TransportResponse,
} from "@babylon/provider-kit";
import { mapError } from "./map-error.ts";

/** The reply that a mapper reads, for the errors it may have to throw. */
export interface ReplySource {
  readonly response: Pick<TransportResponse, "status" | "headers">;
  readonly facts: AttemptFacts;
  /** Epoch milliseconds, for waits given as moments. */
  readonly nowMs: number;
  /** Takes what the reply says about itself. Absent: nobody keeps a record. */
  readonly report?: AttemptContext["report"];
}

/** The error of an error object that came inside a successful reply or its stream. */
export function errorInReply(body: unknown, text: string, { response, facts, nowMs }: ReplySource): LLMError {
  return replyError({ status: null, headers: response.headers, body, text }, mapError, facts, nowMs);
}

/**
 * The error of a refusal without an answer, which Anthropic sends as a success with `stop_reason: "refusal"`.
 *
 * @param details - `stop_details`, with a category and an explanation where there are any
 */
export function refusalError(details: unknown, { response, facts }: ReplySource): LLMError {
  const category = stringField(details, "category");
  const explanation = stringField(details, "explanation");
  const why = category === null ? "" : ` (${category})`;
  return new LLMError({
    code: "content_filter",
    message: `${facts.name} refused to answer${why}${explanation === null ? "" : `: ${cleanText(explanation, facts)}`}`,
    provider: facts.provider,
    model: facts.model,
    status: response.status,
    requestId: requestIdOf(response.headers, facts.secrets),
    callId: facts.callId,
    body: details,
  });
}
