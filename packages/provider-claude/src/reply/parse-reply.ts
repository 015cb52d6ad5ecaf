import { parseResponseJSON } from "@babylon/provider-kit";
import { errorInReply, isErrorBody, type ReplySource } from "./reply-source.ts";

/** Matches the end marker that gateways of OpenAI's wire append to every reply. */
const DONE_MARK = /\s*data:\s*\[DONE\]\s*$/;

/**
 * Parses the body of a successful reply.
 *
 * @throws LLMError `invalid_response` for an HTML page, an empty body or invalid JSON, `truncated` for JSON that is cut off, and the error of an
 *   error object
 */
export function parseReply(text: string, source: ReplySource): unknown {
  const end = text.slice(-64);
  const plain = DONE_MARK.test(end) ? text.slice(0, text.lastIndexOf("data:")) : text;
  const value = parseResponseJSON(plain, source.response, source.facts);
  // Some gateways wrap an error in a list.
  const body = Array.isArray(value) && value.length === 1 && isErrorBody(value[0]) ? value[0] : value;
  if (isErrorBody(body)) throw errorInReply(body, text, source);
  return body;
}
