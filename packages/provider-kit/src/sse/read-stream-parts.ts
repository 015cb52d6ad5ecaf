import { type AttemptContext, type ModelResponse, type StreamPart, toParts } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { networkError } from "../errors/network-error.ts";
import type { TransportResponse } from "../http/transport.ts";
import type { ServerSentEvent } from "./event-parser.ts";
import { createEventReader, type EventReader } from "./event-reader.ts";

/** Maps the events of one stream to parts. */
export interface EventMapper {
  /** The parts of the next event. Throws for an error event, a malformed event, and a finish reason that reports a failure. */
  map(event: ServerSentEvent): readonly StreamPart[];
  /** The end marker was received: nothing follows. */
  isDone(): boolean;
  /** The finish reason was received and no content after it: the answer is whole, even if the connection breaks. */
  isWhole(): boolean;
  /** The last parts of the stream, with a finish part if the answer is whole. Throws if there was no event. */
  end(): readonly StreamPart[];
}

/** A successful reply to a streaming request, with its body unread, and how to read it. */
export interface StreamReply {
  readonly response: TransportResponse;
  readonly facts: AttemptFacts;
  readonly mapper: EventMapper;
  /** Called for each piece of the body that forms no part, or none but a count of tokens: a part itself is a sign of life. */
  readonly onBytes?: (() => void) | undefined;
  /** Whether an event is the end marker. */
  isLast(event: ServerSentEvent): boolean;
  /** Records what the reply states about itself: see `AttemptReport` of the core. Absent: nothing is recorded. */
  readonly report?: AttemptContext["report"];
  /** Reads a complete response, for servers that do not stream although it was requested. */
  fromWhole(body: string): ModelResponse;
}

type Result = IteratorResult<StreamPart, undefined>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Maximum wait for the end of a body once the answer is whole. Long, because some servers continue after a finish reason; short once the
 * usage has arrived, which comes last.
 */
const END_MS = 5_000;
const END_AFTER_USAGE_MS = 500;

/**
 * The parts of a reply's event stream. Parts from one piece of the body do not need a turn of the event loop each. The last part is a finish
 * part, unless the stream ended before the answer was whole. A body that is not an event stream, regardless of its content type, is read as
 * a complete response. A whole answer is not lost by a broken connection or an abort, and a body that does not end after it is closed.
 * `return()` closes the socket. For a single consumer.
 *
 * Rejects with `network` if the connection breaks, with `invalid_response` if the body or a line exceeds its limit, with the errors of the
 * mapper, and with the signal's reason on abort.
 *
 * @param open - sends the request; called at the first pull
 */
export function readStreamParts(
  open: () => Promise<StreamReply>,
  signal: AbortSignal,
): AsyncIterableIterator<StreamPart, undefined> {
  let reply: StreamReply | null = null;
  let reader: EventReader<Result> | null = null;
  let events: readonly ServerSentEvent[] = [];
  let nextEvent = 0;
  let parts: readonly StreamPart[] = [];
  let nextPart = 0;
  /** Reading is finished; `parts` holds the remaining parts. */
  let over = false;
  let whole = false;
  /** Usage was received while the answer was whole. */
  let hasUsage = false;
  /** Ends the wait for the end of a whole answer's body. */
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isLate = false;
  /** Resolves the pending pull with the end of the answer. */
  let stopWaiting: (() => void) | null = null;

  /** The next part of the events that have been read. */
  function take(): StreamPart | undefined {
    for (;;) {
      if (nextPart < parts.length) return parts[nextPart++];
      const event = over ? undefined : events[nextEvent++];
      if (event === undefined || reply === null) return undefined;
      const { mapper } = reply;
      put(mapper.map(event));
      noteWhole(mapper.isWhole());
      if (whole && !hasUsage && parts.some(({ type }) => type === "usage")) {
        hasUsage = true;
        clearEnd();
      }
      if (mapper.isDone()) end([...parts, ...mapper.end()]);
    }
  }

  function put(next: readonly StreamPart[]): void {
    parts = next;
    nextPart = 0;
  }

  function noteWhole(isWhole: boolean): void {
    if (isWhole === whole) return;
    whole = isWhole;
    hasUsage = false;
    clearEnd();
    reply?.report?.({ whole });
  }

  function clearEnd(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    isLate = false;
  }

  function end(rest: readonly StreamPart[]): void {
    clearEnd();
    over = true;
    put(rest);
    reader?.close();
  }

  async function begin(): Promise<void> {
    reply = await open();
    const { response } = reply;
    if (response.body !== null) {
      const { isLast, onBytes } = reply;
      reader = createEventReader<Result>(response.body, { isLast, take: takeEvents, recover, onBytes });
      // The consumer canceled while the request was in flight.
      if (over) reader.close();
    }
  }

  /**
   * The next part, or a promise of it. Not an async function, because it runs for each token.
   *
   * @param hasArrived - the events were just read
   */
  function proceed(hasArrived = false): Result | Promise<Result> {
    try {
      const part = take();
      if (hasArrived && (part === undefined || part.type === "usage")) reply?.onBytes?.();
      if (part !== undefined) return { done: false, value: part };
      if (over || reply === null) return DONE;
      if (reader === null) return reply.response.text().then(takeWhole, recover);
      return whole ? readToEnd(reader) : reader.read();
    } catch (thrown) {
      return fail(thrown);
    }
  }

  /** The next events of a whole answer, or its end if none arrive in time. */
  function readToEnd(from: EventReader<Result>): Promise<Result> {
    if (isLate) return Promise.resolve(endWith(endOf));
    timer ??= setTimeout(onLate, hasUsage ? END_AFTER_USAGE_MS : END_MS);
    return new Promise((resolve, reject) => {
      stopWaiting = () => {
        try {
          resolve(endWith(endOf));
        } catch (thrown) {
          // The end of the answer may be an error, such as a refusal, and this runs in a timer.
          reject(thrown);
        }
      };
      from.read().then(resolve, reject);
    });
  }

  function onLate(): void {
    isLate = true;
    const stop = stopWaiting;
    stopWaiting = null;
    stop?.();
  }

  function takeEvents(batch: readonly ServerSentEvent[] | null): Result | Promise<Result> {
    // These events arrived after the answer was completed without them.
    if (over) return DONE;
    stopWaiting = null;
    if (batch !== null) {
      events = batch;
      nextEvent = 0;
      return proceed(true);
    }
    const body = reader?.whole() ?? null;
    return body === null ? endWith(endOf) : takeWhole(body);
  }

  const endOf = ({ mapper }: StreamReply): readonly StreamPart[] => mapper.end();

  const takeWhole = (text: string): Result | Promise<Result> => endWith(({ fromWhole }) => toParts(fromWhole(text)));

  function endWith(restOf: (of: StreamReply) => readonly StreamPart[]): Result | Promise<Result> {
    try {
      if (reply !== null) end(restOf(reply));
    } catch (thrown) {
      return fail(thrown);
    }
    return proceed();
  }

  /** Reading the body failed. A whole answer is completed nevertheless. */
  function recover(thrown: unknown): Result | Promise<Result> {
    if (over) return DONE;
    if (reply === null || !whole) return fail(thrown);
    return endWith(endOf);
  }

  function fail(thrown: unknown): never {
    const finished = over;
    end([]);
    throw finished || reply === null ? thrown : networkError(thrown, signal, reply.facts);
  }

  function pull(): Promise<Result> {
    if (reply === null) return begin().then(() => proceed());
    try {
      const result = proceed();
      return result instanceof Promise ? result : Promise.resolve(result);
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  return {
    next: pull,
    return() {
      end([]);
      return Promise.resolve(DONE);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
