import type { Attempt } from "../attempt.ts";
import type { CallOptions } from "../call-options.ts";
import { type Clock, LONGEST_TIMER_MS } from "../clock.ts";
import { mergeTimeouts, type TimeLimits } from "../config/client-config.ts";
import { LLMError } from "../errors/llm-error.ts";
import type { Message } from "../message.ts";
import type { ModelRequest } from "../provider.ts";
import { addUsage, NO_USAGE, UNKNOWN_USAGE, type Usage } from "../usage.ts";
import { conversationOf } from "./to-model-request.ts";

/**
 * One call from its start to its end: its time, its abort, its attempts. The chain may be walked more than once within a call.
 * Nothing of it lives on the client.
 */
export interface Call {
  readonly id: string;
  readonly options: CallOptions;
  readonly conversation: readonly Message[];
  readonly limits: TimeLimits;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Without duplicates, in order. */
  readonly warnings: Set<string>;
  /** In the order in which they started; a place is `undefined` while its attempt runs. */
  readonly attempts: (Attempt | undefined)[];
  /** What each attempt asked, at the same places. */
  readonly requests: ModelRequest[];
  /** Set when the caller or the deadline has ended the call. */
  readonly interruption: LLMError | null;
  /** `null`: for ever. */
  timeLeftMs(): number | null;
  elapsedMs(): number;
  /** Ends the call from outside: everything that waits for it fails with this error, attempts abort. Later ones are ignored. */
  interrupt(error: LLMError): void;
  /** Calls back once when the call is interrupted; at once when it has been. Returns the way to take it back. */
  onInterrupt(callback: (error: LLMError) => void): () => void;
  /** The promise, or the interruption, whichever is first. */
  until<T>(promise: Promise<T>): Promise<T>;
  /** The promise, or `null` when it takes longer than so many milliseconds (`null`: as long as it takes), or the interruption. */
  within<T>(promise: Promise<T>, patienceMs: number | null): Promise<T | null>;
  sleep(ms: number): Promise<void>;
  /** The attempts that have ended, and what they used together. */
  finishedAttempts(): readonly Attempt[];
  totalUsage(): Usage;
  /** The call is over: lets go of the timer and of the caller's signal, and ends whatever still runs for it. */
  close(): void;
}

/** What a call takes from its client. */
export interface CallSetup {
  readonly clock: Clock;
  readonly timeouts: TimeLimits;
  readonly callId: string;
}

function aborted(callId: string, signal: AbortSignal): LLMError {
  return new LLMError({ code: "aborted", message: "the caller aborted the call", callId, cause: signal.reason });
}

/** Opens a call: its time runs from here. It is born interrupted when the caller's signal is aborted or its time is over already. */
export function openCall(options: CallOptions, { clock, timeouts, callId }: CallSetup): Call {
  const { abortSignal } = options;
  const startedAt = clock.now();
  const startedMono = clock.monotonic();
  const limits = mergeTimeouts(timeouts, options.timeouts);
  const toDeadline = options.deadline === undefined ? null : Number(options.deadline) - startedAt;
  const wholeMs = toDeadline === null ? limits.totalMs : Math.min(toDeadline, limits.totalMs ?? toDeadline);
  const waiters = new Set<(error: LLMError) => void>();
  const attempts: (Attempt | undefined)[] = [];
  let interruption: LLMError | null = null;

  function interrupt(error: LLMError): void {
    if (interruption !== null) return;
    interruption = error;
    release();
    const waiting = [...waiters];
    waiters.clear();
    for (const waiter of waiting) waiter(error);
  }

  const onAbort = () => abortSignal !== undefined && interrupt(aborted(callId, abortSignal));
  abortSignal?.addEventListener("abort", onAbort, { once: true });
  const spent = () =>
    interrupt(
      new LLMError({
        code: "deadline",
        message:
          wholeMs !== null && wholeMs > 0
            ? `the call's time (${Math.round(wholeMs)} ms) is spent`
            : "the call's deadline had passed before it began",
        callId,
      }),
    );
  const timer =
    wholeMs === null || wholeMs <= 0 || wholeMs > LONGEST_TIMER_MS ? null : clock.setTimeout(spent, Math.ceil(wholeMs));

  function release(): void {
    if (timer !== null) clock.clearTimeout(timer);
    abortSignal?.removeEventListener("abort", onAbort);
  }

  const call: Call = {
    id: callId,
    options,
    conversation: conversationOf(options),
    limits,
    startedAt,
    warnings: new Set(),
    attempts,
    requests: [],
    get interruption() {
      return interruption;
    },
    timeLeftMs: () => (wholeMs === null ? null : Math.max(0, wholeMs - (clock.monotonic() - startedMono))),
    elapsedMs: () => clock.monotonic() - startedMono,
    interrupt,
    onInterrupt(callback) {
      if (interruption !== null) {
        callback(interruption);
        return () => {};
      }
      waiters.add(callback);
      return () => waiters.delete(callback);
    },
    until: (promise) =>
      new Promise((resolve, reject) => {
        const forget = call.onInterrupt(reject);
        promise.then(
          (value) => {
            forget();
            resolve(value);
          },
          (error: unknown) => {
            forget();
            reject(error);
          },
        );
      }),
    within(promise, patienceMs) {
      if (patienceMs === null || patienceMs > LONGEST_TIMER_MS) return call.until(promise);
      let timer: unknown;
      const late = new Promise<null>((resolve) => {
        timer = clock.setTimeout(() => resolve(null), Math.ceil(patienceMs));
      });
      return call.until(Promise.race([promise, late])).finally(() => clock.clearTimeout(timer));
    },
    sleep: (ms) =>
      new Promise((resolve, reject) => {
        let handle: unknown;
        const forget = call.onInterrupt((error) => {
          clock.clearTimeout(handle);
          reject(error);
        });
        if (interruption !== null) return;
        handle = clock.setTimeout(
          () => {
            forget();
            resolve();
          },
          Math.min(ms, LONGEST_TIMER_MS),
        );
      }),
    finishedAttempts: () => attempts.filter((attempt) => attempt !== undefined),
    totalUsage: () => attempts.reduce((sum, attempt) => addUsage(sum, attempt?.usage ?? UNKNOWN_USAGE), NO_USAGE),
    close() {
      release();
      if (waiters.size > 0) interrupt(new LLMError({ code: "aborted", message: "the call is over", callId }));
    },
  };
  if (abortSignal?.aborted) onAbort();
  else if (wholeMs !== null && wholeMs <= 0) spent();
  return call;
}
