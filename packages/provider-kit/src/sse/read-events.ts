import type { ServerSentEvent } from "./event-parser.ts";
import { createEventReader } from "./event-reader.ts";

const never = (): boolean => false;

const take = (events: readonly ServerSentEvent[] | null): readonly ServerSentEvent[] | null => events;

function recover(thrown: unknown): never {
  throw thrown;
}

/**
 * Reads a `text/event-stream` body. Events are yielded in batches, one for each piece of the body that completes any, which saves a turn of
 * the event loop per event. Comments are skipped, pieces may be cut inside characters, and an incomplete last event is dropped unless its
 * data is complete JSON.
 *
 * Breaking out of the iteration closes the socket immediately. After the last event it waits for the end of the body, so that the connection
 * can be reused.
 *
 * @param isLast - whether an event is the last one of the body
 * @throws the errors of the body
 */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  isLast: (event: ServerSentEvent) => boolean = never,
): AsyncGenerator<readonly ServerSentEvent[], void, undefined> {
  const reader = createEventReader(body, { isLast, take, recover });
  try {
    for (let events = await reader.read(); events !== null; events = await reader.read()) yield events;
  } finally {
    reader.close();
  }
}
