import { createEventParser, type ServerSentEvent } from "./event-parser.ts";

/**
 * Takes the events that the next piece of the body completes, and those of the pieces before it that completed none; `null` at the
 * end of the body.
 */
export type TakeEvents<T> = (events: readonly ServerSentEvent[] | null) => T | Promise<T>;

/** Reads the events of a body. */
export interface EventReader<T> {
  /**
   * What `take` makes of the next events, or `recover` of a failure: whatever reading the body throws, and a `BodyTooLargeError` for
   * a line or an event of more than 16 MB; then the body is left. One promise for each read: this runs for each token.
   */
  read(): Promise<T>;
  /** Closes the socket at once; after the last event it lets the body end, so that the connection can be used again. */
  leave(): void;
}

/** Never pushed to. */
const NO_EVENTS: ServerSentEvent[] = [];

const STREAMING = { stream: true };

const nobody = (): void => {};

/** How long the end of a body is waited for after its last event, before the socket is closed instead. */
const LINGER_MS = 20;

/** What becomes of events and failures. */
export interface EventReaderOptions<T> {
  /** Knows the event after which nothing comes but the end of the body. */
  isLast(event: ServerSentEvent): boolean;
  readonly take: TakeEvents<T>;
  readonly recover: (thrown: unknown) => T | Promise<T>;
  /** Called for each piece of the body, also for one that completes no event. */
  readonly onBytes?: (() => void) | undefined;
}

/**
 * Makes the reader of a `text/event-stream` body. Comments are skipped, characters may be cut anywhere, an event that the end of the
 * body cuts off is dropped.
 */
export function createEventReader<T>(
  body: AsyncIterable<Uint8Array>,
  { isLast, take, recover, onBytes = nobody }: EventReaderOptions<T>,
): EventReader<T> {
  const decoder = new TextDecoder();
  const pieces = body[Symbol.asyncIterator]();
  let batch: ServerSentEvent[] = NO_EVENTS;
  let sawLast = false;
  /** Asked for already. */
  let ahead: Promise<IteratorResult<Uint8Array>> | null = null;
  let ended = false;
  const parse = createEventParser((event) => {
    // Mostly the only one: a list of one, without room for more.
    if (batch.length === 0) batch = [event];
    else batch.push(event);
    sawLast ||= isLast(event);
  });

  /** Parses what has been read, and reads on where that completed no event. */
  function takePiece({ done, value }: IteratorResult<Uint8Array>): T | Promise<T> {
    ahead = null;
    if (done === true) {
      ended = true;
      return take(null);
    }
    onBytes();
    try {
      parse(decoder.decode(value, STREAMING));
    } catch (thrown) {
      return fail(thrown);
    }
    return batch.length === 0 ? read() : take(completeEvents());
  }

  function completeEvents(): readonly ServerSentEvent[] {
    const complete = batch;
    batch = NO_EVENTS;
    // Read ahead: mostly the end of the body is here before anyone has turned the last event into an answer.
    if (sawLast && ahead === null) {
      ahead = pieces.next();
      // Nobody may ever ask for it.
      ahead.catch(() => {});
    }
    return complete;
  }

  function fail(thrown: unknown): T | Promise<T> {
    // Nothing that follows is read; a body that has failed takes no harm.
    if (!ended) leaveBody(pieces, null);
    ended = true;
    return recover(thrown);
  }

  function read(): Promise<T> {
    return (ahead ?? pieces.next()).then(takePiece, fail);
  }

  return {
    read,
    leave() {
      if (!ended) leaveBody(pieces, ahead);
      ended = true;
    },
  };
}

/** Closes the body, unless its end is about to come. Not awaited: it must not hold up whoever leaves. */
function leaveBody(pieces: AsyncIterator<Uint8Array>, end: Promise<IteratorResult<Uint8Array>> | null): void {
  let open = true;
  const close = (): void => {
    if (open) pieces.return?.()?.then(undefined, () => {});
    open = false;
  };
  if (end === null) {
    close();
    return;
  }
  const timer = setTimeout(close, LINGER_MS);
  end.then(
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
