import { createParser } from "eventsource-parser";

/** One server-sent event. */
export interface ServerSentEvent {
  /** The name of its type; `null` when it has none. */
  readonly event: string | null;
  readonly data: string;
}

/**
 * Reads a `text/event-stream` body. Events come in batches, one batch for each piece of the body that completed any, which spares
 * a turn of the event loop per event. Comments are skipped, characters may be cut anywhere, an event that the end of the body cuts
 * off is dropped. Leaving early closes the socket.
 *
 * @throws whatever reading the body throws
 */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly ServerSentEvent[], void, undefined> {
  const decoder = new TextDecoder();
  let batch: ServerSentEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      batch.push({ event: event ?? null, data });
    },
  });
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    if (batch.length === 0) continue;
    const complete = batch;
    batch = [];
    yield complete;
  }
}
