import type { WalkEvent, Watcher } from "../call/watcher.ts";
import { LLMError } from "../errors/llm-error.ts";
import type { TextResult } from "../result.ts";
import type { StreamEvent } from "./stream-event.ts";

/**
 * One answer while it arrives. Starts when somebody reads or asks for `result`. One consumer: a second iterator is refused.
 *
 * Leaving the loop, `return()`, an aborted signal and `await using` close the socket at once; `result` then rejects with `aborted`.
 */
export interface TextStream extends AsyncIterable<StreamEvent>, AsyncDisposable {
  /** Text pieces alone. Refused with `onInterrupted: "restart"`: what was shown could not be taken back. */
  readonly textStream: AsyncIterable<string>;
  /** The whole text so far after each piece; shorter again after a restart. */
  readonly snapshots: AsyncIterable<string>;
  /** The same as `generateText` gives. Reads to the end if nobody else does. Never an unhandled rejection. */
  readonly result: Promise<TextResult>;
  /** Ends the call and closes the socket. */
  cancel(): Promise<void>;
}

/** What drives a stream: runs the call with the given watcher, and ends it from outside. */
export interface StreamSource {
  run(watcher: Watcher): Promise<TextResult>;
  /** Ends the call as aborted by its reader. */
  leave(): void;
  /** Calls back when the call is ended from outside: by its deadline, its signal or its reader. */
  onInterrupt(callback: (error: LLMError) => void): void;
}

/** The call while it waits for its reader. */
interface Blocked {
  resume(): void;
  fail(error: LLMError): void;
}

/** A reader who waits. */
interface Pull {
  resolve(result: IteratorResult<unknown, undefined>): void;
  reject(error: unknown): void;
}

/** What a reader is given of an event; `undefined`: nothing, and the next event is looked at instead. */
type Pick = (event: StreamEvent) => unknown;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
const AT_ONCE: Promise<void> = Promise.resolve();

const wholeEvent: Pick = (event) => event;
const textOf: Pick = (event) => (event.type === "text" ? event.text : undefined);

/** The text so far. */
function snapshots(): Pick {
  let text = "";
  return (event) => {
    if (event.type === "restart") text = "";
    else if (event.type === "text") text += event.text;
    else return undefined;
    return text;
  };
}

/**
 * Makes a lazy stream of a call. The call runs only while somebody waits for an event: each event is handed over, and the call goes
 * on when the next one is asked for.
 *
 * @param open - opens the call; may throw, and then reading fails with it
 * @param takesText - whether `textStream` is allowed
 */
export function createTextStream(open: () => StreamSource, takesText: boolean): TextStream {
  let source: StreamSource | null = null;
  let running: Promise<TextResult> | null = null;
  /** In the order of asking. */
  const pulls: Pull[] = [];
  let pick: Pick = wholeEvent;
  /** Lets the call go on after the reader took an event. */
  let shown: Blocked | null = null;
  /** What attempts beside the one whose event the reader has just taken have to show. */
  const waiting: { readonly value: unknown; readonly blocked: Blocked }[] = [];
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
    get reading() {
      return taken && !draining;
    },
    emit(event: WalkEvent) {
      if (draining) return AT_ONCE;
      if (interruption !== null) return Promise.reject(interruption);
      const value = pick(event);
      if (value === undefined) return AT_ONCE;
      return new Promise<void>((resume, fail) => {
        const blocked = { resume, fail };
        if (pulls.length === 0) waiting.push({ value, blocked });
        else deliver(value, blocked);
      });
    },
  };

  function deliver(value: unknown, blocked: Blocked): void {
    shown = blocked;
    pulls.shift()?.resolve({ done: false, value });
    if (pulls.length > 0) proceed();
  }

  /** Somebody waits for the next event: the call goes on. */
  function proceed(): void {
    const blocked = shown;
    shown = null;
    blocked?.resume();
    const beside = waiting.shift();
    if (beside !== undefined) deliver(beside.value, beside.blocked);
  }

  function settle(outcome: { result: TextResult } | { error: unknown }): void {
    const reader = pulls.shift();
    if ("result" in outcome) {
      last = { type: "finish", result: outcome.result };
      reader?.resolve(takeLast());
    } else {
      over = true;
      if (reader === undefined) failure = outcome.error;
      else reader.reject(outcome.error);
    }
    for (const late of pulls.splice(0)) late.resolve(DONE);
  }

  function takeLast(): IteratorResult<unknown, undefined> {
    const value = last === null ? undefined : pick(last);
    over = true;
    last = null;
    return value === undefined ? DONE : { done: false, value };
  }

  /** The call was ended from outside: nothing waits for the reader any more. */
  function interrupt(error: LLMError): void {
    interruption = error;
    shown?.fail(error);
    shown = null;
    for (const { blocked } of waiting.splice(0)) blocked.fail(error);
  }

  function start(): Promise<TextResult> {
    if (running === null) {
      try {
        source = open();
        // An idle reader must not keep an interrupted call from ending.
        source.onInterrupt(interrupt);
        running = source.run(watcher);
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
    if (failure !== undefined) {
      const error = failure;
      failure = undefined;
      return Promise.reject(error);
    }
    if (last !== null) return Promise.resolve(takeLast());
    if (over) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      if (pulls.push({ resolve, reject }) > 1) return;
      start();
      proceed();
    });
  }

  async function leave(): Promise<void> {
    if (left || over) {
      left = true;
      return;
    }
    left = true;
    const readers = pulls.splice(0);
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
  function iteratorOf<T>(picked: Pick): AsyncIterator<T, undefined> {
    take();
    pick = picked;
    return {
      // What `picked` gives of an event is a `T`: see the three readers below.
      next: next as () => Promise<IteratorResult<T, undefined>>,
      async return() {
        await leave();
        return DONE;
      },
    };
  }

  return {
    [Symbol.asyncIterator]: () => iteratorOf<StreamEvent>(wholeEvent),
    get textStream() {
      if (!takesText) {
        throw new LLMError({
          code: "invalid_input",
          message: 'textStream cannot take text back: read events or snapshots with onInterrupted "restart"',
          details: { path: "onInterrupted", expected: '"throw" or "continue" for textStream' },
        });
      }
      return { [Symbol.asyncIterator]: () => iteratorOf<string>(textOf) };
    },
    get snapshots() {
      return { [Symbol.asyncIterator]: () => iteratorOf<string>(snapshots()) };
    },
    get result() {
      // A reader who comes along in the same turn still gets the events.
      result ??= Promise.resolve().then(() => {
        if (!taken && !left) draining = true;
        return start();
      });
      result.catch(() => {});
      return result;
    },
    cancel: leave,
    [Symbol.asyncDispose]: leave,
  };
}
