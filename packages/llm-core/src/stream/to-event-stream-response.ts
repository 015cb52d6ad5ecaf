import { isLLMError } from "../errors/llm-error.ts";
import { responseHeaders } from "./response-headers.ts";
import { streamBody } from "./stream-body.ts";
import type { StreamEvent } from "./stream-event.ts";
import { toWireStreamEvent, type WireStreamEvent } from "./wire-stream-event.ts";

/**
 * A response of server-sent events, each with its type as its name and as a field of its data. The last one is `finish` or `error`; a
 * body that ends without either was cut off on its way.
 */
export function toEventStreamResponse(
  events: AsyncIterator<StreamEvent, undefined>,
  init: ResponseInit = {},
): Response {
  const body = streamBody(withFailure(events), encode);
  return new Response(body, { ...init, headers: responseHeaders("text/event-stream; charset=utf-8", init.headers) });
}

function encode(event: WireStreamEvent | null): string {
  // JSON has no line breaks, which would end the field.
  return event === null ? "" : `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** The events, and a failure as the last of them. */
function withFailure(events: AsyncIterator<StreamEvent, undefined>): AsyncIterator<WireStreamEvent | null, undefined> {
  return {
    async next() {
      try {
        const { done, value } = await events.next();
        return done === true ? { done, value: undefined } : { done: false, value: toWireStreamEvent(value) };
      } catch (thrown) {
        return { done: false, value: toErrorEvent(thrown) };
      }
    },
    async return() {
      await events.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** Code and id alone: the message of an error may hold the words of a vendor, which are for the log. */
function toErrorEvent(thrown: unknown): WireStreamEvent {
  const { code, callId } = isLLMError(thrown) ? thrown : { code: "unexpected" as const, callId: null };
  return { type: "error", error: { code, message: `the answer could not be completed (${code})`, callId } };
}
