import type { TextResult } from "../contract/result.ts";
import { LLMError } from "../errors/llm-error.ts";
import { LazyTextStream } from "./lazy-text-stream.ts";
import { type PickEvent, textPiece, wholeEvent } from "./pick-event.ts";
import type { StreamEvent } from "./stream-event.ts";
import type { TextStream } from "./text-stream.ts";
import type { DrainWaiter, Watcher } from "./watcher.ts";

/** The call behind a stream. */
export interface StreamSource {
  /** @param onInterrupt - called when the call is interrupted: by its deadline, its signal or its reader */
  run(watcher: Watcher, onInterrupt: (error: LLMError) => void): Promise<TextResult>;
  /** Aborts the call because its reader left. */
  abort(): void;
}

/** A pending read. */
type Pull = PromiseWithResolvers<IteratorResult<unknown, undefined>>;

const NONE: readonly never[] = [];

const resume = (waiter: DrainWaiter): void => waiter.resume();

/** Takes the place of a function that opens a call and was called. */
const begunBefore = (): never => {
  throw new Error("the call of a stream began twice");
};

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Creates a lazy stream of a call, with backpressure: more is requested from the provider only when the buffer is drained and a read is
 * pending.
 *
 * @param open - opens the call; if it throws, reading fails with that error
 * @param takesText - whether `textStream` is allowed
 */
export function createTextStream(open: () => StreamSource, takesText: boolean): TextStream {
  /** Opens the call. Released when it has begun: it holds the contexts that observers captured. */
  let begin = open;
  /** The call while it runs. Released with it, because a caller may keep the stream for its result. */
  let source: StreamSource | null = null;
  let running: Promise<TextResult> | null = null;
  /** The first pending read, and later ones. There is usually one: a list would cost an allocation per token. */
  let pull: Pull | null = null;
  let laterPulls: readonly Pull[] = NONE;
  let pick: PickEvent = wholeEvent;
  /** Values that were shown and not read yet. */
  const buffer: unknown[] = [];
  /** Attempts that wait until the buffer is drained: usually one. */
  let blocked: DrainWaiter | null = null;
  let alsoBlocked: readonly DrainWaiter[] = NONE;
  let interruption: LLMError | null = null;
  let finishEvent: StreamEvent | null = null;
  /** An error that no read has received yet. */
  let failure: unknown;
  let reads = 0;
  let hasReader = false;
  let draining = false;
  let isFinished = false;
  let result: Promise<TextResult> | null = null;
  let isClosed = false;

  const watcher: Watcher = {
    isReading: () => hasReader && !draining,
    canRetract: () => pick !== textPiece,
    bufferedCount: () => buffer.length,
    readCount: () => reads,
    isAwaited: () => !hasReader || draining || pull !== null,
    show(event) {
      if (!hasReader || draining || interruption !== null) return false;
      const value = pick(event);
      if (value === undefined) return false;
      const reader = shiftPull();
      if (reader === undefined) buffer.push(value);
      else reader.resolve({ done: false, value });
      return true;
    },
    whenDrained(waiter) {
      if (!hasReader || draining) waiter.resume();
      else if (interruption !== null) waiter.fail(interruption);
      else if (pull !== null) waiter.resume();
      else if (blocked === null) blocked = waiter;
      else alsoBlocked = [...alsoBlocked, waiter];
    },
  };

  function shiftPull(): Pull | undefined {
    const first = pull;
    pull = laterPulls[0] ?? null;
    if (pull !== null) laterPulls = laterPulls.slice(1);
    return first ?? undefined;
  }

  function clearPulls(): readonly Pull[] {
    const all = pull === null ? NONE : [pull, ...laterPulls];
    pull = null;
    laterPulls = NONE;
    return all;
  }

  /** Resumes or fails all attempts that wait for the reader. */
  function unblock(how: (waiter: DrainWaiter) => void): void {
    const first = blocked;
    const others = alsoBlocked;
    blocked = null;
    alsoBlocked = NONE;
    if (first !== null) how(first);
    for (const waiter of others) how(waiter);
  }

  function settle(outcome: { result: TextResult } | { error: unknown }): void {
    source = null;
    const reader = shiftPull();
    if ("result" in outcome) {
      finishEvent = { type: "finish", result: outcome.result };
      reader?.resolve(takeFinish());
    } else {
      isFinished = true;
      if (reader === undefined) failure = outcome.error;
      else reader.reject(outcome.error);
    }
    for (const late of clearPulls()) late.resolve(DONE);
  }

  function takeFinish(): IteratorResult<unknown, undefined> {
    const value = finishEvent === null ? undefined : pick(finishEvent);
    isFinished = true;
    finishEvent = null;
    return value === undefined ? DONE : { done: false, value };
  }

  /** The call was interrupted: fails the attempts that wait for the reader, who may be idle. */
  function interrupt(error: LLMError): void {
    interruption = error;
    buffer.length = 0;
    unblock((waiter) => waiter.fail(error));
  }

  /** Opens the call, once. */
  function run(): Promise<TextResult> {
    try {
      source = begin();
      return source.run(watcher, interrupt);
    } catch (thrown) {
      return Promise.reject(thrown);
    } finally {
      begin = begunBefore;
    }
  }

  function start(): Promise<TextResult> {
    if (running === null) {
      running = run();
      running.then(
        (result) => settle({ result }),
        (error: unknown) => settle({ error }),
      );
    }
    return running;
  }

  function next(): Promise<IteratorResult<unknown, undefined>> {
    reads += 1;
    if (isClosed) return Promise.resolve(DONE);
    if (buffer.length > 0) return Promise.resolve({ done: false, value: buffer.shift() });
    if (failure !== undefined) {
      const error = failure;
      failure = undefined;
      return Promise.reject(error);
    }
    if (finishEvent !== null) return Promise.resolve(takeFinish());
    if (isFinished) return Promise.resolve(DONE);
    const read: Pull = Promise.withResolvers();
    if (pull === null) pull = read;
    else laterPulls = [...laterPulls, read];
    start();
    unblock(resume);
    return read.promise;
  }

  async function close(): Promise<void> {
    if (isClosed || isFinished) {
      isClosed = true;
      return;
    }
    isClosed = true;
    buffer.length = 0;
    const readers = clearPulls();
    if (running === null) {
      // Not started: there is no call to abort, and none may start later.
      running = Promise.reject(new LLMError({ code: "aborted", message: "the stream was closed before it began" }));
      running.catch(() => {});
    } else source?.abort();
    for (const reader of readers) reader.resolve(DONE);
    await running.catch(() => {});
  }

  function claimReader(): void {
    if (hasReader || draining) {
      throw new LLMError({
        code: "invalid_input",
        message: "a stream has one consumer: it is being read already",
        details: { path: "stream", expected: "one consumer" },
      });
    }
    hasReader = true;
  }

  /** Not a generator, because its `return()` would wait for the pending read. */
  function iteratorOf<T>(picked: PickEvent): AsyncIterator<T, undefined> {
    claimReader();
    pick = picked;
    return {
      // `picked` maps events to `T`: see the three readers of the stream.
      next: next as () => Promise<IteratorResult<T, undefined>>,
      async return() {
        await close();
        return DONE;
      },
    };
  }

  return new LazyTextStream({
    takesText,
    iteratorOf,
    result() {
      // Started in a microtask, so that a reader attached in the same turn still gets the events.
      result ??= Promise.resolve().then(() => {
        if (!hasReader && !isClosed) draining = true;
        return start();
      });
      result.catch(() => {});
      return result;
    },
    close,
  });
}
