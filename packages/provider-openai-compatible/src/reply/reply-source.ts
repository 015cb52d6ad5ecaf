import type { AttemptContext, LLMError } from "@babylon/llm-core";
import {
  type AttemptFacts,
  type Classify,
  fieldOf,
  isErrorValue,
  replyError,
  type TransportResponse,
} from "@babylon/provider-kit";
import type { ModelWire } from "../model-traits.ts";

/** A reply for a mapper, with what its errors need. */
export interface ReplySource {
  readonly response: Pick<TransportResponse, "status" | "headers">;
  readonly facts: AttemptFacts;
  readonly wire: ModelWire;
  readonly classify: Classify;
  /** Epoch milliseconds, for waits that are stated as dates. */
  readonly nowMs: number;
  /** The request asked for several answers (`n`), one per choice. Otherwise the choices are pieces of one answer. Default false. */
  readonly multipleAnswers?: boolean | undefined;
  /** Records what the reply states about itself. Absent: nothing is recorded. */
  readonly report?: AttemptContext["report"];
}

/** The error that stands on a choice (OpenRouter); `null`: none. */
export function errorOnChoice(choice: unknown): unknown {
  for (const error of [
    fieldOf(choice, "error"),
    fieldOf(fieldOf(choice, "delta"), "error"),
    fieldOf(fieldOf(choice, "message"), "error"),
  ]) {
    if (isErrorValue(error)) return error;
  }
  return null;
}

/** The error of an error object in a successful reply or its stream. */
export function errorInReply(body: unknown, text: string, source: ReplySource): LLMError {
  const { response, facts, classify, nowMs } = source;
  const ofGroq = fieldOf(fieldOf(body, "x_groq"), "error");
  const error = isErrorValue(fieldOf(body, "error")) || !isErrorValue(ofGroq) ? body : { error: ofGroq };
  return replyError({ status: null, headers: response.headers, body: error, text }, classify, facts, nowMs);
}
