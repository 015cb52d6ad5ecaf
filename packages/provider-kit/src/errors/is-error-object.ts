import { isRecord } from "@babylon/llm-core";
import { arrayField, fieldOf, stringField } from "../read-field.ts";

/** Whether the value of a field `error` is an error: not `null`, `false`, `""`, `0` or an empty object. */
export const isErrorValue = (error: unknown): boolean =>
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
  const message = stringField(reply, "message") ?? stringField(reply, "msg") ?? stringField(reply, "Message");
  if (message !== null && (isFailure(code) || isFailure(status))) return true;
  if (typeof type === "string" && /error|exception/i.test(type)) return true;
  return isErrorValue(detail) || isFailure(reply.error_code) || stringField(reply, "error_msg") !== null;
}

/**
 * Whether a reply, a chunk or an event is an error, in whatever form: `{ error: … }`, Groq's `x_groq.error`, MiniMax's `base_resp`, a flat
 * object with a code and a message where there is no choice and no content.
 */
export function isErrorObject(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (isErrorValue(value.error) || isErrorValue(fieldOf(value.x_groq, "error"))) return true;
  if (isFailure(fieldOf(value.base_resp, "status_code"))) return true;
  const hasAnswer = arrayField(value, "choices").length > 0 || Array.isArray(value.content);
  return !hasAnswer && (isRecord(value.error) || isFlatError(value));
}
