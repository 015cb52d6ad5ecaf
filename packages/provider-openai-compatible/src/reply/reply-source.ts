import type { AttemptContext, LLMError } from "@babylon/llm-core";
import { type AttemptFacts, type Classify, fieldOf, replyError, type TransportResponse } from "@babylon/provider-kit";
import type { ModelWire } from "../model-traits.ts";

/** The reply that a mapper reads, and what it needs for the errors it may have to throw. */
export interface ReplySource {
  readonly response: Pick<TransportResponse, "status" | "headers">;
  readonly facts: AttemptFacts;
  readonly wire: ModelWire;
  readonly classify: Classify;
  /** Epoch milliseconds, for waits given as moments. */
  readonly nowMs: number;
  /** Takes what the reply says about itself. Absent: nobody keeps a record. */
  readonly report?: AttemptContext["report"];
}

/** Whether a reply or a chunk is an error object: `{ error: … }`, or Groq's `x_groq.error`. */
export function isErrorObject(value: unknown): boolean {
  return isSaid(fieldOf(value, "error")) || isSaid(fieldOf(fieldOf(value, "x_groq"), "error"));
}

const isSaid = (error: unknown): boolean => error !== undefined && error !== null;

/** The error of an error object that came inside a successful reply or its stream. */
export function errorInReply(body: unknown, text: string, source: ReplySource): LLMError {
  const { response, facts, classify, nowMs } = source;
  const ofGroq = fieldOf(fieldOf(body, "x_groq"), "error");
  const error = isSaid(fieldOf(body, "error")) || !isSaid(ofGroq) ? body : { error: ofGroq };
  return replyError({ status: null, headers: response.headers, body: error, text }, classify, facts, nowMs);
}
