import type { StreamPart } from "@babylon/llm-core";
import { type OpenedReply, readStreamParts, type StreamReply } from "@babylon/provider-kit";
import { createEventMapper, isStopEvent } from "./from-event.ts";
import { fromResponse } from "./from-response.ts";
import type { ReplySource } from "./reply-source.ts";

/**
 * Reads the event stream of a successful reply of `/v1/messages`. Ending the iteration early closes the socket.
 *
 * @param open - sends the request; called at the first pull
 * @throws LLMError `network` if the connection breaks, and the errors of the event mapper; the signal's reason on abort
 */
export function fromStream(
  open: () => Promise<OpenedReply<ReplySource>>,
  signal: AbortSignal,
): AsyncIterableIterator<StreamPart> {
  const openReply = async (): Promise<StreamReply> => {
    const { response, source, onBytes } = await open();
    return {
      response,
      onBytes,
      facts: source.facts,
      mapper: createEventMapper(source),
      report: source.report,
      isLast: isStopEvent,
      fromWhole: (body) => fromResponse(body, source),
    };
  };
  return readStreamParts(openReply, signal);
}
