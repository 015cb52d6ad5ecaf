import { type AttemptContext, type ModelResponse, type StreamPart, toParts } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { networkError } from "../errors/network-error.ts";
import type { TransportResponse } from "../http/transport.ts";
import type { ServerSentEvent } from "./event-parser.ts";
import { createEventReader, type EventReader } from "./event-reader.ts";

/** Turns the events of one stream into parts. */
export interface EventMapper {
  /** The parts of the next event. Throws for an error event, a malformed one, and an answer that the server gave up on. */
  map(event: ServerSentEvent): readonly StreamPart[];
  /** The end marker has come: nothing follows. */
  isDone(): boolean;
  /** The reason why the answer ends has come, and nothing after it: it is whole, whatever happens to the connection. */
  isWhole(): boolean;
  /** The parts of the end of the stream: with a finish part if the answer is whole. Throws when there was no event at all. */
  end(): readonly StreamPart[];
}

/** A successful reply to a request for a stream, its body unread, and how to read it. */
export interface StreamReply {
  readonly response: TransportResponse;
  readonly facts: AttemptFacts;
  readonly mapper: EventMapper;
  /** Called for each piece of the body. Absent: nobody waits. */
  readonly onBytes?: (() => void) | undefined;
  /** Whether an event is the end marker. */
  isLast(event: ServerSentEvent): boolean;
  /** Takes what the reply says about itself: see {@link AttemptReport}. Absent: nobody keeps a record. */
  readonly report?: AttemptContext["report"];
  /** Reads the body of a server that answered whole, although a stream was asked for. */
  fromWhole(body: string): ModelResponse;
}

type Result = IteratorResult<StreamPart, undefined>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * How long the end of a body is waited for once the answer is whole. Long, because there are servers that say why an answer ends and
 * then go on; short where the usage is here, which comes last.
 */
const END_MS = 5_000;
const END_AFTER_USAGE_MS = 500;

/**
 * The parts of a reply's event stream, those of one piece of the body without a turn of the event loop each. They end with a finish
 * part, or without one where the stream broke off before the answer was whole. A body that is no event stream, whatever its head says,
 * is read as a whole answer. Once the answer is whole, neither a broken connection nor an abort takes it away, and a body that does not
 * end is left. Leaving closes the socket. For one reader.
 *
 * Fails with `network` when the connection breaks, with `invalid_response` when the body or a line of it is larger than its limit,
 * with what the mapper throws, and with the signal's reason on abort.
 *
 * @param open - sends the request; called at the first pull
 */
export function readParts(
  open: () => Promise<StreamReply>,
  signal: AbortSignal,
): AsyncIterableIterator<StreamPart, undefined> {
  let reply: StreamReply | null = null;
  let reader: EventReader<Result> | null = null;
  let events: readonly ServerSentEvent[] = [];
  let nextEvent = 0;
  let parts: readonly StreamPart[] = [];
  let nextPart = 0;
  /** Nothing more is read; what is in `parts` is the rest. */
  let over = false;
  let whole = false;
  /** Told while the answer was whole. */
  let hasUsage = false;
  /** Until a whole answer's body is not waited for any longer. */
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isLate = false;
  /** Ends the wait for the next events. */
  let stopWaiting: (() => void) | null = null;

  /** The next part of the events that are here. */
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

  function put(taken: readonly StreamPart[]): void {
    parts = taken;
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
    reader?.leave();
  }

  async function begin(): Promise<void> {
    reply = await open();
    const { response } = reply;
    if (response.body !== null) {
      const { isLast, onBytes } = reply;
      reader = createEventReader<Result>(response.body, { isLast, take: takeEvents, recover, onBytes });
      // Its reader left while the request was on its way.
      if (over) reader.leave();
    }
  }

  /** The next part, or a promise of it. Not an async function, and one promise for each read: this runs for each token. */
  function proceed(): Result | Promise<Result> {
    try {
      const part = take();
      if (part !== undefined) return { done: false, value: part };
      if (over || reply === null) return DONE;
      if (reader === null) return reply.response.text().then(takeWhole, recover);
      return whole ? readToEnd(reader) : reader.read();
    } catch (thrown) {
      return fail(thrown);
    }
  }

  /** The next events of an answer that is whole, or its end where none come. */
  function readToEnd(from: EventReader<Result>): Promise<Result> {
    if (isLate) return Promise.resolve(endWith(endOf));
    timer ??= setTimeout(onLate, hasUsage ? END_AFTER_USAGE_MS : END_MS);
    return new Promise((resolve, reject) => {
      stopWaiting = () => resolve(endWith(endOf));
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
    // The answer was given without what comes now.
    if (over) return DONE;
    stopWaiting = null;
    if (batch !== null) {
      events = batch;
      nextEvent = 0;
      return proceed();
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

  /** The body cannot be read on: what was whole by then is not lost. */
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
    if (reply === null) return begin().then(proceed);
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
