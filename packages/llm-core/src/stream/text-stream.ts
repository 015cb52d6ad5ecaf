import type { TextResult } from "../contract/result.ts";
import { LLMError } from "../errors/llm-error.ts";
import { type PickEvent, snapshots, textOf, wholeEvent } from "./pick-event.ts";
import type { StreamEvent } from "./stream-event.ts";
import { toEventStreamResponse } from "./to-event-stream-response.ts";
import { toTextResponse } from "./to-text-response.ts";
import type { Waiting, Watcher } from "./watcher.ts";

/**
 * One answer while it arrives. Starts when somebody reads or asks for `result`. One consumer: a second iterator is refused.
 *
 * Leaving the loop, `return()`, an aborted signal and `await using` close the socket at once; `result` then rejects with `aborted`,
 * unless the whole answer had arrived: then the call has succeeded.
 */
export interface TextStream extends AsyncIterable<StreamEvent>, AsyncDisposable {
  /**
   * Text pieces alone: joined, they are the text of the result. What was shown cannot be taken back, so it is refused with
   * `onInterrupted: "restart"`, and with `"continue"` it fails with `interrupted` when no link can go on from the text.
   */
  readonly textStream: AsyncIterable<string>;
  /** The whole text so far after each piece; shorter again after a restart. */
  readonly snapshots: AsyncIterable<string>;
  /** The same as `generateText` gives. Reads to the end if nobody else does. Never an unhandled rejection. */
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
   * {@link WireStreamEvent}. The last one is `finish`, or `error` with a code and without the vendor's words; a body that ends with
   * neither was cut off.
   */
  toEventStreamResponse(init?: ResponseInit): Response;
}

/** What drives a stream: runs the call with the given watcher, and ends it from outside. */
export interface StreamSource {
  /** @param onInterrupt - told when the call is ended from outside: by its deadline, its signal or its reader */
  run(watcher: Watcher, onInterrupt: (error: LLMError) => void): Promise<TextResult>;
  /** Ends the call as aborted by its reader. */
  leave(): void;
}

/** A reader who waits. */
interface Pull {
  resolve(result: IteratorResult<unknown, undefined>): void;
  reject(error: unknown): void;
}

const NOBODY: readonly never[] = [];

const resume = (waiting: Waiting): void => waiting.resume();

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Makes a lazy stream of a call. The provider is asked for more only while somebody waits for an event: what has arrived is handed over
 * event by event, and the call goes on when that is taken and the next one is asked for.
 *
 * @param open - opens the call; may throw, and then reading fails with it
 * @param takesText - whether `textStream` is allowed
 */
export function createTextStream(open: () => StreamSource, takesText: boolean): TextStream {
  let source: StreamSource | null = null;
  let running: Promise<TextResult> | null = null;
  /** The reader who has asked first, and those who have asked after him: mostly there is one, and a list for one costs at each token. */
  let pull: Pull | null = null;
  let laterPulls: readonly Pull[] = NOBODY;
  let pick: PickEvent = wholeEvent;
  /** What was shown and nobody has asked for yet. */
  const queue: unknown[] = [];
  /** Attempts that go on when somebody asks for more: mostly one. */
  let blocked: Waiting | null = null;
  let alsoBlocked: readonly Waiting[] = NOBODY;
  let interruption: LLMError | null = null;
  let last: StreamEvent | null = null;
  /** An error that nobody has been told yet. */
  let failure: unknown;
  let taken = false;
  let draining = false;
  let over = false;
  let result: Promise<TextResult> | null = null;
  let left = false;

  const watcher: Watcher = {
    isReading: () => taken && !draining,
    canRetract: () => pick !== textOf,
    behind: () => queue.length,
    show(event) {
      if (!taken || draining || interruption !== null) return false;
      const value = pick(event);
      if (value === undefined) return false;
      const reader = takePull();
      if (reader === undefined) queue.push(value);
      else reader.resolve({ done: false, value });
      return true;
    },
    whenAsked(waiting) {
      if (!taken || draining) waiting.resume();
      else if (interruption !== null) waiting.fail(interruption);
      else if (pull !== null) waiting.resume();
      else if (blocked === null) blocked = waiting;
      else alsoBlocked = [...alsoBlocked, waiting];
    },
  };

  function takePull(): Pull | undefined {
    const first = pull;
    pull = laterPulls[0] ?? null;
    if (pull !== null) laterPulls = laterPulls.slice(1);
    return first ?? undefined;
  }

  function takePulls(): readonly Pull[] {
    const all = pull === null ? NOBODY : [pull, ...laterPulls];
    pull = null;
    laterPulls = NOBODY;
    return all;
  }

  /** Lets go of all attempts that wait for the reader. */
  function unblock(how: (waiting: Waiting) => void): void {
    const first = blocked;
    const others = alsoBlocked;
    blocked = null;
    alsoBlocked = NOBODY;
    if (first !== null) how(first);
    for (const waiting of others) how(waiting);
  }

  function settle(outcome: { result: TextResult } | { error: unknown }): void {
    const reader = takePull();
    if ("result" in outcome) {
      last = { type: "finish", result: outcome.result };
      reader?.resolve(takeLast());
    } else {
      over = true;
      if (reader === undefined) failure = outcome.error;
      else reader.reject(outcome.error);
    }
    for (const late of takePulls()) late.resolve(DONE);
  }

  function takeLast(): IteratorResult<unknown, undefined> {
    const value = last === null ? undefined : pick(last);
    over = true;
    last = null;
    return value === undefined ? DONE : { done: false, value };
  }

  /** The call was ended from outside: nothing waits for the reader any more, who may be idle. */
  function interrupt(error: LLMError): void {
    interruption = error;
    queue.length = 0;
    unblock((waiting) => waiting.fail(error));
  }

  function start(): Promise<TextResult> {
    if (running === null) {
      try {
        source = open();
        running = source.run(watcher, interrupt);
      } catch (thrown) {
        running = Promise.reject(thrown);
      }
      running.then(
        (result) => settle({ result }),
        (error: unknown) => settle({ error }),
      );
    }
    return running;
  }

  function next(): Promise<IteratorResult<unknown, undefined>> {
    if (left) return Promise.resolve(DONE);
    if (queue.length > 0) return Promise.resolve({ done: false, value: queue.shift() });
    if (failure !== undefined) {
      const error = failure;
      failure = undefined;
      return Promise.reject(error);
    }
    if (last !== null) return Promise.resolve(takeLast());
    if (over) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      if (pull === null) pull = { resolve, reject };
      else laterPulls = [...laterPulls, { resolve, reject }];
      start();
      unblock(resume);
    });
  }

  async function leave(): Promise<void> {
    if (left || over) {
      left = true;
      return;
    }
    left = true;
    queue.length = 0;
    const readers = takePulls();
    if (running === null) {
      // Never begun: there is no call to end, and none must begin.
      running = Promise.reject(new LLMError({ code: "aborted", message: "the stream was closed before it began" }));
      running.catch(() => {});
    } else source?.leave();
    for (const reader of readers) reader.resolve(DONE);
    await running.catch(() => {});
  }

  function take(): void {
    if (taken || draining) {
      throw new LLMError({
        code: "invalid_input",
        message: "a stream has one consumer: it is being read already",
        details: { path: "stream", expected: "one consumer" },
      });
    }
    taken = true;
  }

  /** Not a generator: its `return()` would wait for the event that is being waited for. */
  function iteratorOf<T>(picked: PickEvent): AsyncIterator<T, undefined> {
    take();
    pick = picked;
    return {
      // What `picked` gives of an event is a `T`: see the three readers of the stream.
      next: next as () => Promise<IteratorResult<T, undefined>>,
      async return() {
        await leave();
        return DONE;
      },
    };
  }

  return new LazyTextStream({
    takesText,
    iteratorOf,
    result() {
      // A reader who comes along in the same turn still gets the events.
      result ??= Promise.resolve().then(() => {
        if (!taken && !left) draining = true;
        return start();
      });
      result.catch(() => {});
      return result;
    },
    leave,
  });
}

/** What the reader of a stream can do. */
interface Reading {
  readonly takesText: boolean;
  /** What `pick` gives of an event must be a `T`. */
  iteratorOf<T>(pick: PickEvent): AsyncIterator<T, undefined>;
  result(): Promise<TextResult>;
  leave(): Promise<void>;
}

/**
 * A class for its getters: a literal with getters is a shape of its own for V8 each time, which a minor collection keeps with all it
 * holds, and that is the whole answer.
 */
class LazyTextStream implements TextStream {
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent, undefined> {
    return this.#reading.iteratorOf<StreamEvent>(wholeEvent);
  }

  get textStream(): AsyncIterable<string> {
    const reading = this.#reading;
    if (!reading.takesText) {
      throw new LLMError({
        code: "invalid_input",
        message: 'textStream cannot take text back: read events or snapshots with onInterrupted "restart"',
        details: { path: "onInterrupted", expected: '"throw" or "continue" for textStream' },
      });
    }
    return { [Symbol.asyncIterator]: () => reading.iteratorOf<string>(textOf) };
  }

  get snapshots(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => this.#reading.iteratorOf<string>(snapshots()) };
  }

  get result(): Promise<TextResult> {
    return this.#reading.result();
  }

  cancel(): Promise<void> {
    return this.#reading.leave();
  }

  toTextResponse(init?: ResponseInit): Response {
    return toTextResponse(this.textStream, init);
  }

  toEventStreamResponse(init?: ResponseInit): Response {
    return toEventStreamResponse(this[Symbol.asyncIterator](), init);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#reading.leave();
  }
}
