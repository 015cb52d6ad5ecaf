import { isLLMError, type ModelResponse, type StreamPart } from "@babylon/llm-core";
import { flatten, networkError, readEvents, type ServerSentEvent, type TransportResponse } from "@babylon/provider-kit";
import { createEventMapper, type EventMapper, isStopEvent } from "./from-event.ts";
import { fromResponse } from "./from-response.ts";
import type { ReplySource } from "./reply-source.ts";

/** A successful reply to a request with `stream: true`, its body unread. */
export interface StreamReply {
  readonly response: TransportResponse;
  readonly source: ReplySource;
}

/**
 * Reads the event stream of a successful reply of `/v1/messages`. It ends with a finish part, or without one where the stream broke
 * off before `message_stop` and before a stop reason. Leaving it closes the socket.
 *
 * @param open - sends the request; called at the first pull
 * @throws LLMError `network` when the connection breaks, and what the mapper of events throws; the signal's reason on abort
 */
export function fromStream(
  open: () => Promise<StreamReply>,
  signal: AbortSignal,
): AsyncIterableIterator<StreamPart, void, undefined> {
  return flatten(batchesOf(open, signal));
}

/** The parts of what arrives, by the pieces in which it arrives. */
async function* batchesOf(
  open: () => Promise<StreamReply>,
  signal: AbortSignal,
): AsyncGenerator<Iterable<StreamPart>, void, undefined> {
  const { response, source } = await open();
  const mapper = createEventMapper(source);
  try {
    if (response.body === null || isNoStream(response)) {
      const whole = fromResponse(await response.text(), source);
      yield partsOf(whole);
      return;
    }
    for await (const events of readEvents(response.body, isStopEvent)) {
      yield partsOfEvents(events, mapper);
      if (mapper.done) return;
    }
  } catch (thrown) {
    const error = networkError(thrown, signal, source.facts);
    // A connection that breaks after the stop reason took nothing of the answer with it.
    if (!isLLMError(error, "network") || !mapper.whole) throw error;
  }
  yield mapper.end();
}

/** Up to `message_stop`. */
function* partsOfEvents(
  events: readonly ServerSentEvent[],
  mapper: EventMapper,
): Generator<StreamPart, void, undefined> {
  for (const event of events) {
    yield* mapper.map(event);
    if (mapper.done) return;
  }
}

/** A page or a JSON object instead of a stream: an error, or a whole answer from a gateway that does not stream. */
function isNoStream({ headers }: TransportResponse): boolean {
  const type = headers.get("content-type") ?? "";
  return /\b(?:json|html)\b/i.test(type) && !/event-stream/i.test(type);
}

function* partsOf(whole: ModelResponse): Generator<StreamPart, void, undefined> {
  // Each block is closed by its data, also one that has none.
  for (const { text, data = {} } of whole.reasoning) yield { type: "reasoning", text, data };
  if (whole.text !== "") yield { type: "text", text: whole.text };
  for (const [index, { id, name, inputText }] of whole.toolCalls.entries()) {
    yield { type: "tool-call", index, id, name, inputText };
  }
  const { usage, finishReason, rawFinishReason, responseId, responseModel } = whole;
  yield { type: "usage", usage };
  yield { type: "finish", finishReason, rawFinishReason, responseId, responseModel };
}
