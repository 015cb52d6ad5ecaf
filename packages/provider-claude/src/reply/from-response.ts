import { fromParts, type ModelResponse, type StreamPart } from "@babylon/llm-core";
import { eventsOf, isEventBody, responseError } from "@babylon/provider-kit";
import { createEventMapper } from "./from-event.ts";
import { fromMessage } from "./from-message.ts";
import { parseReply } from "./parse-reply.ts";
import type { ReplySource } from "./reply-source.ts";

/**
 * Reads the body of a successful reply of `POST /v1/messages`: a message, or an event stream, which some gateways send unrequested.
 *
 * @throws LLMError `invalid_response` if it is not a message, `truncated` if it is incomplete or has no stop reason, `content_filter` for a
 *   refusal without text and tool calls, and the error of a stop reason that reports a failure or of an error object
 */
export function fromResponse(text: string, source: ReplySource): ModelResponse {
  return isEventBody(text) ? fromEvents(text, source) : fromMessage(parseReply(text, source), source);
}

function fromEvents(text: string, source: ReplySource): ModelResponse {
  const mapper = createEventMapper(source);
  const parts: StreamPart[] = [];
  for (const event of eventsOf(text)) {
    // Not spread: there may be more parts than a function accepts arguments.
    for (const part of mapper.map(event)) parts.push(part);
    if (mapper.isDone()) break;
  }
  parts.push(...mapper.end());
  const answer = fromParts(parts);
  if (answer !== null) return answer;
  const usage = parts.findLast((part) => part.type === "usage")?.usage;
  if (usage !== undefined) source.report?.({ usage });
  throw responseError("truncated", "sent an incomplete answer", source.response, source.facts, text);
}
