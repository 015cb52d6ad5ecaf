import { fieldOf, parseResponseJSON } from "@babylon/provider-kit";
import { errorInReply, type ReplySource } from "./reply-source.ts";

/**
 * The JSON of a successful reply.
 *
 * @throws LLMError `invalid_response` for a page, nothing or no JSON, `truncated` for JSON that breaks off, and what an error object
 *   in the place of an answer means
 */
export function parseReply(text: string, source: ReplySource): unknown {
  const body = parseResponseJSON(text, source.response, source.facts);
  if ((fieldOf(body, "error") ?? null) !== null) throw errorInReply(body, text, source);
  return body;
}
