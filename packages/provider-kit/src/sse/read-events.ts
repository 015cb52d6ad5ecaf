import type { ServerSentEvent } from "./event-parser.ts";
import { createEventReader } from "./event-reader.ts";

const never = (): boolean => false;

const take = (events: readonly ServerSentEvent[] | null): readonly ServerSentEvent[] | null => events;

function recover(thrown: unknown): never {
  throw thrown;
}

/**
 * Reads a `text/event-stream` body. Events come in batches, one batch for each piece of the body that completed any, which spares
 * a turn of the event loop per event. Comments are skipped, characters may be cut anywhere, an event that the end of the body cuts
 * off is dropped.
 *
 * Leaving early closes the socket at once; after the last event it lets the body end, so that the connection can be used again.
 *
 * @param isLast - knows the event after which nothing comes but the end of the body
 * @throws whatever reading the body throws
 */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  isLast: (event: ServerSentEvent) => boolean = never,
): AsyncGenerator<readonly ServerSentEvent[], void, undefined> {
  const reader = createEventReader(body, { isLast, take, recover });
  try {
    for (let events = await reader.read(); events !== null; events = await reader.read()) yield events;
  } finally {
    reader.leave();
  }
}
