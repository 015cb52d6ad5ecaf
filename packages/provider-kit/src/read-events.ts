import { createParser } from "eventsource-parser";

/** One server-sent event. */
export interface ServerSentEvent {
  /** The name of its type; `null` when it has none. */
  readonly event: string | null;
  readonly data: string;
}

/** How long the end of a body is waited for after its last event, before the socket is closed instead. */
const LINGER_MS = 20;

const never = (): boolean => false;

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
  const decoder = new TextDecoder();
  let batch: ServerSentEvent[] = [];
  let sawLast = false;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      const read: ServerSentEvent = { event: event ?? null, data };
      batch.push(read);
      sawLast ||= isLast(read);
    },
  });
  const pieces = body[Symbol.asyncIterator]();
  let next = pieces.next();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) {
        ended = true;
        return;
      }
      parser.feed(decoder.decode(value, { stream: true }));
      const complete = batch;
      batch = [];
      // Read ahead: mostly the end of the body is here before anyone has turned the last event into an answer.
      if (sawLast) {
        next = pieces.next();
        // Nobody may ever ask for it.
        next.catch(() => {});
      }
      if (complete.length > 0) yield complete;
      if (!sawLast) next = pieces.next();
    }
  } catch (thrown) {
    ended = true;
    throw thrown;
  } finally {
    if (!ended) leave(pieces, sawLast ? next : null);
  }
}

/** Closes the body, unless its end is about to come. Not awaited: it must not hold up whoever leaves. */
function leave(pieces: AsyncIterator<Uint8Array>, next: Promise<IteratorResult<Uint8Array>> | null): void {
  let open = true;
  const close = (): void => {
    if (open) pieces.return?.()?.then(undefined, () => {});
    open = false;
  };
  if (next === null) {
    close();
    return;
  }
  const timer = setTimeout(close, LINGER_MS);
  next.then(
    ({ done }) => {
      clearTimeout(timer);
      if (done === true) open = false;
      else close();
    },
    () => {
      clearTimeout(timer);
      open = false;
    },
  );
}
