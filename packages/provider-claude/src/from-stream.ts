import { isLLMError, type StreamPart } from "@babylon/llm-core";
import { networkError, readEvents, responseError, type TransportResponse } from "@babylon/provider-kit";
import { createEventMapper } from "./from-event.ts";
import { parseReply } from "./parse-reply.ts";
import type { ReplySource } from "./reply-source.ts";

/**
 * Reads the event stream of a successful reply of `POST /v1/messages`. It ends with a finish part, or without one where the stream
 * broke off before `message_stop` and before a stop reason. Leaving it closes the socket.
 *
 * @throws LLMError `network` when the connection breaks, `invalid_response` for a page or JSON without an error, and what the mapper of
 *   events throws; the signal's reason on abort
 */
export async function* fromStream(
  response: TransportResponse,
  source: ReplySource,
  signal: AbortSignal,
): AsyncGenerator<StreamPart, void, undefined> {
  const mapper = createEventMapper(source);
  try {
    if (response.body === null || !mayBeEvents(response)) throw notEvents(await response.text(), source);
    for await (const events of readEvents(response.body)) {
      for (const event of events) {
        for (const part of mapper.map(event)) yield part;
        if (mapper.finished) return;
      }
    }
  } catch (thrown) {
    const error = networkError(thrown, signal, source.facts);
    // A connection that breaks after the stop reason took nothing of the answer with it.
    if (!isLLMError(error, "network") || !mapper.stopped) throw error;
  }
  for (const part of mapper.end()) yield part;
}

/** A gateway may call an event stream anything, but not this. */
function mayBeEvents(response: TransportResponse): boolean {
  return !/\b(?:json|html)\b/i.test(response.headers.get("content-type") ?? "");
}

function notEvents(text: string, source: ReplySource): unknown {
  const body = parseReply(text, source);
  return responseError("invalid_response", "answered with no event stream", source.response, source.facts, body);
}
