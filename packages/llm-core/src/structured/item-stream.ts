import { invalidInput, LLMError } from "../errors/llm-error.ts";

/**
 * Values of one call while they arrive. Starts when somebody reads or asks for `result`. One consumer: a second iterator is refused.
 *
 * Leaving the loop, `return()`, an aborted signal and `await using` close the socket at once; `result` then rejects with `aborted`.
 * The call does not wait for a slow reader: what he has not taken is kept for him.
 */
export interface ItemStream<I, R> extends AsyncIterable<I>, AsyncDisposable {
  /** The same as the function without a stream gives. Never an unhandled rejection. */
  readonly result: Promise<R>;
  /** Ends the call and closes the socket. */
  cancel(): Promise<void>;
}

/** What a running call is given by its stream. */
export interface ItemSink<I> {
  emit(item: I): void;
  /** Tells the stream how to end the call from outside. */
  onLeave(leave: () => void): void;
}

/** Makes a lazy stream of a call. `run` begins with the first reader and ends with the call's own result. */
export function createItemStream<I, R>(run: (sink: ItemSink<I>) => Promise<R>): ItemStream<I, R> {
  /** Items that nobody has taken, beginning at `first`: taking one from the front of a long array would move all others. */
  let queue: I[] = [];
  let first = 0;
  let running: Promise<R> | null = null;
  let leave: (() => void) | null = null;
  let left = false;
  let taken = false;
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
    running = left
      ? Promise.reject(new LLMError({ code: "aborted", message: "the stream was closed before it began" }))
      : run({
          emit(item) {
            if (left || !taken) return;
            queue.push(item);
            notify();
          },
          onLeave(callback) {
            leave = callback;
            if (left) callback();
          },
        });
    running.then(
      () => {
        settled = true;
        notify();
      },
      (error: unknown) => {
        settled = true;
        failure = { error };
        notify();
      },
    );
    return running;
  }

  function takeFirst(): I {
    // The caller has seen that there is one.
    const item = queue[first] as I;
    first += 1;
    // Every item is moved at most once.
    if (first * 2 >= queue.length) {
      queue = queue.slice(first);
      first = 0;
    }
    return item;
  }

  /** A reader who is behind gets what is there without a wait. */
  function next(): Promise<IteratorResult<I, undefined>> {
    start();
    if (!left && first < queue.length) return Promise.resolve({ done: false, value: takeFirst() });
    return waitForNext();
  }

  async function waitForNext(): Promise<IteratorResult<I, undefined>> {
    for (;;) {
      if (left) return { done: true, value: undefined };
      if (first < queue.length) return { done: false, value: takeFirst() };
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
    if (left) return;
    left = true;
    queue = [];
    first = 0;
    if (!settled) leave?.();
    notify();
    await start().catch(() => {});
  }

  function iterate(): AsyncIterator<I, undefined> {
    if (taken || running !== null) throw invalidInput("stream", "one consumer: it is being read already");
    taken = true;
    return {
      next,
      return: async () => {
        await cancel();
        return { done: true, value: undefined };
      },
    };
  }

  function resultOf(): Promise<R> {
    // A reader who comes along in the same turn still gets the items.
    const result = Promise.resolve().then(start);
    result.catch(() => {});
    return result;
  }

  return new LazyItemStream(iterate, resultOf, cancel);
}

/** A class for its getter: see the stream of texts. */
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
