import type { TextResult } from "../contract/result.ts";
import type { StreamEvent } from "./stream-event.ts";

/**
 * One answer while it arrives. Lazy: starts with the first read or with access to `result`. One consumer: a second iterator is refused.
 *
 * Leaving the loop, `return()`, an aborted signal and `await using` close the socket immediately; `result` then rejects with `aborted`,
 * unless the complete answer had arrived: then the call has succeeded.
 */
export interface TextStream extends AsyncIterable<StreamEvent>, AsyncDisposable {
  /**
   * Only the text pieces: joined, they are the text of the result. Text cannot be withdrawn, so `onInterrupted: "restart"` is refused, and
   * with `"continue"` it fails with `interrupted` if no link can continue the text.
   */
  readonly textStream: AsyncIterable<string>;
  /** The whole text so far, after each piece; shorter again after a restart. */
  readonly snapshots: AsyncIterable<string>;
  /** The same result as that of `generateText`. Drains the stream if there is no reader. Never an unhandled rejection. */
  readonly result: Promise<TextResult>;
  /** Ends the call and closes the socket. */
  cancel(): Promise<void>;
  /**
   * The text as the body of a `Response`, `text/plain`. The call starts when the body is read, and ends when the body is canceled. The
   * status is 200 by then, so a failure fails the body: the connection is cut, and half an answer never looks like a whole one. Refused
   * where `textStream` is.
   */
  toTextResponse(init?: ResponseInit): Response;
  /**
   * The events as a `Response` of server-sent events, `text/event-stream`: each is named after its type, its data is a
   * {@link WireStreamEvent}. The last one is `finish`, or `error` with a code and without the vendor's words; a body that ends with neither was
   * cut off.
   */
  toEventStreamResponse(init?: ResponseInit): Response;
}
