import { isLLMError, type ModelResponse, type StreamPart, toParts } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { networkError } from "../errors/network-error.ts";
import { isBodyTooLarge } from "../http/body-too-large.ts";
import type { TransportResponse } from "../http/transport.ts";
import type { ServerSentEvent } from "./event-parser.ts";
import { createEventReader, type EventReader } from "./event-reader.ts";

/** Turns the events of one stream into parts. */
export interface EventMapper {
  /** The parts of the next event. Throws for an error event, a malformed one, and an answer that the server gave up on. */
  map(event: ServerSentEvent): readonly StreamPart[];
  /** The end marker has come: nothing follows. */
  isDone(): boolean;
  /** The reason why the answer ends has come: it is whole, whatever happens to the connection. */
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
  /** Reads the body of a server that answered whole, although a stream was asked for. */
  fromWhole(body: string): ModelResponse;
}

type Result = IteratorResult<StreamPart, undefined>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A page or a JSON object instead of a stream: an error, or a whole answer from a server that does not stream. */
function isNoStream({ headers }: TransportResponse): boolean {
  const type = headers.get("content-type") ?? "";
  return /\b(?:json|html)\b/i.test(type) && !/event-stream/i.test(type);
}

/**
 * The parts of a reply's event stream, those of one piece of the body without a turn of the event loop each. They end with a finish
 * part, or without one where the stream broke off before the answer was whole. Leaving closes the socket. For one reader.
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

  /** The next part of the events that are here. */
  function take(): StreamPart | undefined {
    for (;;) {
      if (nextPart < parts.length) return parts[nextPart++];
      const event = over ? undefined : events[nextEvent++];
      if (event === undefined || reply === null) return undefined;
      const { mapper } = reply;
      put(mapper.map(event));
      if (mapper.isDone()) end([...parts, ...mapper.end()]);
    }
  }

  function put(taken: readonly StreamPart[]): void {
    parts = taken;
    nextPart = 0;
  }

  function end(rest: readonly StreamPart[]): void {
    over = true;
    put(rest);
    reader?.leave();
  }

  async function begin(): Promise<void> {
    reply = await open();
    const { response } = reply;
    if (response.body !== null && !isNoStream(response)) {
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
      return reader === null ? reply.response.text().then(takeWhole, recover) : reader.read();
    } catch (thrown) {
      return recover(thrown);
    }
  }

  function takeEvents(batch: readonly ServerSentEvent[] | null): Result | Promise<Result> {
    if (batch !== null) {
      events = batch;
      nextEvent = 0;
      return proceed();
    }
    return endWith(({ mapper }) => mapper.end());
  }

  const takeWhole = (text: string): Result | Promise<Result> => endWith(({ fromWhole }) => toParts(fromWhole(text)));

  function endWith(restOf: (of: StreamReply) => readonly StreamPart[]): Result | Promise<Result> {
    try {
      if (reply !== null) end(restOf(reply));
    } catch (thrown) {
      return recover(thrown);
    }
    return proceed();
  }

  /** A connection that breaks, or floods, after the answer was whole took nothing of it with it; everything else is thrown. */
  function recover(thrown: unknown): Result | Promise<Result> {
    const finished = over;
    end([]);
    if (finished || reply === null) throw thrown;
    const error = networkError(thrown, signal, reply.facts);
    if (!(isLLMError(error, "network") || isBodyTooLarge(thrown)) || !reply.mapper.isWhole()) throw error;
    end(reply.mapper.end());
    return proceed();
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
