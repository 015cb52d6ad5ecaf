import { invalidInput, LLMError } from "../../errors/llm-error.ts";

/**
 * Values of one call while they arrive. Lazy: starts with the first read or with access to `result`. One consumer: a second iterator is
 * refused.
 *
 * Leaving the loop, `return()`, an aborted signal and `await using` close the socket immediately; `result` then rejects with `aborted`. The
 * call does not wait for a slow reader: unread values are buffered.
 */
export interface ItemStream<I, R> extends AsyncIterable<I>, AsyncDisposable {
  /** The same result as that of the function without a stream. Never an unhandled rejection. */
  readonly result: Promise<R>;
  /** Ends the call and closes the socket. */
  cancel(): Promise<void>;
}

/** The side of the stream that the running call uses. */
export interface ItemSink<I> {
  emit(item: I): void;
  /** Sets the callback that aborts the call when the stream is closed. */
  onClose(abortCall: () => void): void;
}

/** Takes the place of a function that begins a call and was called. */
const begunBefore = (): never => {
  throw new Error("the call of a stream began twice");
};

/** Creates a lazy stream of a call. `run` starts with the first read and resolves with the result of the call. */
export function createItemStream<I, R>(run: (sink: ItemSink<I>) => Promise<R>): ItemStream<I, R> {
  /** Unread items, from index `first`: `shift()` on a long array would move all items. */
  let buffer: I[] = [];
  let first = 0;
  /** Released when the call has begun: it holds the contexts that observers captured. */
  let begin = run;
  let running: Promise<R> | null = null;
  let abortCall: (() => void) | null = null;
  let isClosed = false;
  let hasReader = false;
  let settled = false;
  let failure: { readonly error: unknown } | null = null;
  let wake: (() => void) | null = null;

  function notify(): void {
    const waiting = wake;
    wake = null;
    waiting?.();
  }

  function start(): Promise<R> {
    if (running !== null) return running;
    running = isClosed
      ? Promise.reject(new LLMError({ code: "aborted", message: "the stream was closed before it began" }))
      : begin({
          emit(item) {
            if (isClosed || !hasReader) return;
            buffer.push(item);
            notify();
          },
          onClose(callback) {
            abortCall = callback;
            if (isClosed) callback();
          },
        });
    begin = begunBefore;
    running.then(
      () => {
        settled = true;
        abortCall = null;
        notify();
      },
      (error: unknown) => {
        settled = true;
        abortCall = null;
        failure = { error };
        notify();
      },
    );
    return running;
  }

  function takeFirst(): I {
    // The caller has checked that there is one.
    const item = buffer[first] as I;
    first += 1;
    // Copies the rest only when half is read: amortized constant time per item.
    if (first * 2 >= buffer.length) {
      buffer = buffer.slice(first);
      first = 0;
    }
    return item;
  }

  /** Returns a buffered item without waiting. */
  function next(): Promise<IteratorResult<I, undefined>> {
    start();
    if (!isClosed && first < buffer.length) return Promise.resolve({ done: false, value: takeFirst() });
    return waitForNext();
  }

  async function waitForNext(): Promise<IteratorResult<I, undefined>> {
    for (;;) {
      if (isClosed) return { done: true, value: undefined };
      if (first < buffer.length) return { done: false, value: takeFirst() };
      if (settled) {
        const failed = failure;
        failure = null;
        if (failed !== null) throw failed.error;
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  async function cancel(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    buffer = [];
    first = 0;
    if (!settled) abortCall?.();
    notify();
    await start().catch(() => {});
  }

  function iterate(): AsyncIterator<I, undefined> {
    if (hasReader || running !== null) throw invalidInput("stream", "one consumer: it is being read already");
    hasReader = true;
    return {
      next,
      return: async () => {
        await cancel();
        return { done: true, value: undefined };
      },
    };
  }

  function resultOf(): Promise<R> {
    // Started in a microtask, so that a reader attached in the same turn still gets the items.
    const result = Promise.resolve().then(start);
    result.catch(() => {});
    return result;
  }

  return new LazyItemStream(iterate, resultOf, cancel);
}

/** A class because of its getter: see `LazyTextStream`. */
class LazyItemStream<I, R> implements ItemStream<I, R> {
  readonly #iterate: () => AsyncIterator<I, undefined>;
  readonly #result: () => Promise<R>;
  readonly cancel: () => Promise<void>;

  constructor(iterate: () => AsyncIterator<I, undefined>, result: () => Promise<R>, cancel: () => Promise<void>) {
    this.#iterate = iterate;
    this.#result = result;
    this.cancel = cancel;
  }

  [Symbol.asyncIterator](): AsyncIterator<I, undefined> {
    return this.#iterate();
  }

  get result(): Promise<R> {
    return this.#result();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cancel();
  }
}
