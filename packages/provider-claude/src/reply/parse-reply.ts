import { parseResponseJSON } from "@babylon/provider-kit";
import { errorInReply, isErrorBody, type ReplySource } from "./reply-source.ts";

/** What gateways of the other wire put behind whatever they answer. */
const DONE_MARK = /\s*data:\s*\[DONE\]\s*$/;

/**
 * The JSON of a successful reply.
 *
 * @throws LLMError `invalid_response` for a page, nothing or no JSON, `truncated` for JSON that breaks off, and what an error object
 *   in the place of an answer means
 */
export function parseReply(text: string, source: ReplySource): unknown {
  const end = text.slice(-64);
  const plain = DONE_MARK.test(end) ? text.slice(0, text.lastIndexOf("data:")) : text;
  const body = parseResponseJSON(plain, source.response, source.facts);
  if (isErrorBody(body)) throw errorInReply(body, text, source);
  return body;
}
