import { type AttemptContext, isRecord, type LLMError } from "@babylon/llm-core";
import {
  type AttemptFacts,
  arrayField,
  type Classify,
  fieldOf,
  replyError,
  stringField,
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

/** Whether the value of a field `error` is an error: not `null`, `false`, `""`, `0` or an empty object. */
const isErrorValue = (error: unknown): boolean =>
  Boolean(error) && !(isRecord(error) && Object.keys(error).length === 0);

const isFailure = (code: unknown): boolean =>
  typeof code === "number"
    ? code !== 0 && code !== 200
    : typeof code === "string" &&
      !/^(?:0*|200|ok|success(?:ful)?|processing|pending|queued|running|in_progress|completed)$/i.test(code);

/** Whether a reply is a flat error object of DashScope, SiliconFlow, older vLLM, Cloudflare, FastAPI or Baidu. */
function isFlatError(reply: Record<string, unknown>): boolean {
  const { object, type, success, code, status, errors, detail } = reply;
  if (object === "error" || success === false) return true;
  if (arrayField(reply, "errors").length > 0 || isErrorValue(errors)) return true;
  const says = stringField(reply, "message") ?? stringField(reply, "msg") ?? stringField(reply, "Message");
  if (says !== null && (isFailure(code) || isFailure(status))) return true;
  if (typeof type === "string" && /error|exception/i.test(type)) return true;
  return isErrorValue(detail) || isFailure(reply.error_code) || stringField(reply, "error_msg") !== null;
}

/**
 * Whether a reply or a chunk is an error, in whatever form: `{ error: … }`, Groq's `x_groq.error`, MiniMax's `base_resp`, a flat object
 * with a code and a message where there is no choice.
 */
export function isErrorObject(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (isErrorValue(value.error) || isErrorValue(fieldOf(value.x_groq, "error"))) return true;
  if (isFailure(fieldOf(value.base_resp, "status_code"))) return true;
  const hasAnswer = arrayField(value, "choices").length > 0;
  return !hasAnswer && (isRecord(value.error) || isFlatError(value));
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
