import type { ModelResponse, StreamPart } from "@babylon/llm-core";
import { type Reply, readParts, type StreamReply } from "@babylon/provider-kit";
import { createEventMapper, isStopEvent } from "./from-event.ts";
import { fromResponse } from "./from-response.ts";
import type { ReplySource } from "./reply-source.ts";

/**
 * Reads the event stream of a successful reply of `/v1/messages`. Leaving it closes the socket.
 *
 * @param open - sends the request; called at the first pull
 * @throws LLMError `network` when the connection breaks, and what the mapper of events throws; the signal's reason on abort
 */
export function fromStream(
  open: () => Promise<Reply<ReplySource>>,
  signal: AbortSignal,
): AsyncIterableIterator<StreamPart> {
  const openReply = async (): Promise<StreamReply> => {
    const { response, source, onBytes } = await open();
    return {
      response,
      onBytes,
      facts: source.facts,
      mapper: createEventMapper(source),
      isLast: isStopEvent,
      fromWhole: (body) => withClosedBlocks(fromResponse(body, source)),
    };
  };
  return readParts(openReply, signal);
}

/** Each block of reasoning is closed by its data, also one that has none. */
function withClosedBlocks(whole: ModelResponse): ModelResponse {
  return { ...whole, reasoning: whole.reasoning.map(({ text, data = {} }) => ({ text, data })) };
}
