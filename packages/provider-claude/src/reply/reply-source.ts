import { type AttemptContext, LLMError } from "@babylon/llm-core";
import {
  type AttemptFacts,
  cleanText,
  fieldOf,
  isErrorObject,
  replyError,
  requestIdOf,
  stringField,
  type TransportResponse,
} from "@babylon/provider-kit";
import { mapError } from "./map-error.ts";

/** A reply for a mapper, with what its errors need. */
export interface ReplySource {
  readonly response: Pick<TransportResponse, "status" | "headers">;
  readonly facts: AttemptFacts;
  /** Epoch milliseconds, for waits that are stated as dates. */
  readonly nowMs: number;
  /** Records what the reply states about itself. Absent: nothing is recorded. */
  readonly report?: AttemptContext["report"];
}

/** Whether the JSON of a reply or an event is an error, also in the forms of gateways. */
export function isErrorBody(body: unknown): boolean {
  return (fieldOf(body, "error") ?? null) !== null || fieldOf(body, "type") === "error" || isErrorObject(body);
}

/** The error of an error object in a successful reply or its stream. */
export function errorInReply(body: unknown, text: string, { response, facts, nowMs }: ReplySource): LLMError {
  return replyError({ status: null, headers: response.headers, body, text }, mapError, facts, nowMs);
}

/**
 * The error of a refusal without an answer, which Anthropic sends as a success with `stop_reason: "refusal"`.
 *
 * @param details - `stop_details`, with an optional category and explanation
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
