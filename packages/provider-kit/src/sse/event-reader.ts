import { parseJSON } from "../read-field.ts";
import { createEventParser, type ServerSentEvent } from "./event-parser.ts";

/**
 * Receives the events that were completed by the next pieces of the body; `null` at the end of the body.
 */
export type TakeEvents<T> = (events: readonly ServerSentEvent[] | null) => T | Promise<T>;

/** Reads the events of a body. */
export interface EventReader<T> {
  /**
   * Resolves with the result of `take` for the next events. On a failure, an error of the body or a `BodyTooLargeError` for a line or an
   * event over 16 MB, the body is closed and the result is that of `recover`. Creates one promise per read, because it runs for each token.
   */
  read(): Promise<T>;
  /** The complete text of a finished body that is not an event stream, by its first character, regardless of its content type; else `null`. */
  whole(): string | null;
  /** Closes the socket immediately. After the last event it waits for the end of the body, so that the connection can be reused. */
  close(): void;
}

/** Never pushed to. */
const NO_EVENTS: ServerSentEvent[] = [];

const STREAMING = { stream: true };

const noop = (): void => {};

/** Maximum wait for the end of a body after its last event, before the socket is closed. */
const LINGER_MS = 20;

/** Handlers of an {@link EventReader}. */
export interface EventReaderOptions<T> {
  /** Whether an event is the last one of the body. */
  isLast(event: ServerSentEvent): boolean;
  readonly take: TakeEvents<T>;
  readonly recover: (thrown: unknown) => T | Promise<T>;
  /** Called for each piece of the body that completes no event. */
  readonly onBytes?: (() => void) | undefined;
}

/**
 * Creates the reader of a body that should be a `text/event-stream`. Comments are skipped, pieces may be cut inside characters, and an
 * incomplete last event is dropped unless its data is complete: JSON, or an end mark such as `[DONE]`.
 */
export function createEventReader<T>(
  body: AsyncIterable<Uint8Array>,
  { isLast, take, recover, onBytes = noop }: EventReaderOptions<T>,
): EventReader<T> {
  const decoder = new TextDecoder();
  const pieces = body[Symbol.asyncIterator]();
  let batch: ServerSentEvent[] = NO_EVENTS;
  let sawLast = false;
  /** The pending read-ahead. */
  let ahead: Promise<IteratorResult<Uint8Array>> | null = null;
  let ended = false;
  /** Decided by the first non-blank character: fields of events start differently from JSON and HTML. */
  let isEvents: boolean | null = null;
  let text = "";
  const parse = createEventParser((event) => {
    // Mostly there is only one event: a literal has no spare capacity.
    if (batch.length === 0) batch = [event];
    else batch.push(event);
    sawLast ||= isLast(event);
  });

  function feed(piece: string): void {
    if (isEvents === true) parse(piece);
    else {
      isEvents ??= beginsWithField(piece);
      text += piece;
      if (isEvents !== true) return;
      parse(text);
      text = "";
    }
  }

  function takeLast(): T | Promise<T> {
    let events: readonly ServerSentEvent[] | null;
    try {
      events = lastEvents();
    } catch (thrown) {
      return recover(thrown);
    }
    return take(events);
  }

  /** The last event of a body that ends without a blank line. It counts only if its data is complete. */
  function lastEvents(): readonly ServerSentEvent[] | null {
    const rest = decoder.decode();
    if (isEvents !== true) {
      text += rest;
      return null;
    }
    parse(`${rest}\n\n`);
    const [last] = batch;
    return last !== undefined && isWhole(last) ? completeEvents() : null;
  }

  /** A last event that is not JSON, such as `[DONE]`, is whole once it is known; one that begins like an object has been cut. */
  function isWhole(event: ServerSentEvent): boolean {
    if (parseJSON(event.data) !== undefined) return true;
    return isLast(event) && !event.data.trimStart().startsWith("{");
  }

  /** Parses a piece, and reads the next ones if it completed no event. */
  function takePiece(piece: IteratorResult<Uint8Array>): T | Promise<T> {
    ahead = null;
    try {
      if (needsMore(piece)) return readOn();
    } catch (thrown) {
      return fail(thrown);
    }
    return takeRead(piece);
  }

  /** Reads until an event is complete. A loop: a `then` that returned the next read would nest a pending promise for each piece. */
  async function readOn(): Promise<T> {
    let piece: IteratorResult<Uint8Array>;
    try {
      do piece = await pieces.next();
      while (needsMore(piece));
    } catch (thrown) {
      return fail(thrown);
    }
    return takeRead(piece);
  }

  /** Parses a piece. Returns whether neither an event nor the body is complete. */
  function needsMore({ done, value }: IteratorResult<Uint8Array>): boolean {
    if (done === true) return false;
    feed(decoder.decode(value, STREAMING));
    if (batch.length > 0) return false;
    onBytes();
    return true;
  }

  function takeRead({ done }: IteratorResult<Uint8Array>): T | Promise<T> {
    if (done !== true) return take(completeEvents());
    if (ended) return take(null);
    ended = true;
    return takeLast();
  }

  function completeEvents(): readonly ServerSentEvent[] {
    const complete = batch;
    batch = NO_EVENTS;
    // Read ahead: the end of the body has usually arrived before the last event is processed.
    if (sawLast && ahead === null && !ended) {
      ahead = pieces.next();
      // It may never be awaited.
      ahead.catch(() => {});
    }
    return complete;
  }

  function fail(thrown: unknown): T | Promise<T> {
    // Closing a body that has already failed is harmless.
    if (!ended) closeBody(pieces, null);
    ended = true;
    return recover(thrown);
  }

  function read(): Promise<T> {
    return (ahead ?? pieces.next()).then(takePiece, fail);
  }

  return {
    read,
    whole: () => (ended && isEvents === false ? text : null),
    close() {
      if (!ended) closeBody(pieces, ahead);
      ended = true;
    },
  };
}

/** `null`: only white space so far. */
function beginsWithField(text: string): boolean | null {
  const first = /\S/.exec(text)?.[0];
  return first === undefined ? null : !"{[<".includes(first);
}

/** Closes the body, or waits briefly for its end if that is expected. Not awaited, so that the caller is not delayed. */
function closeBody(pieces: AsyncIterator<Uint8Array>, end: Promise<IteratorResult<Uint8Array>> | null): void {
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
