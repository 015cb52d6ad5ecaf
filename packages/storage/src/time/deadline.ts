import type { Clock } from "@babylon/llm-core";
import { startBackgroundTimer } from "./background-timer.ts";

/** A time limit for work that may never settle. */
export interface Deadline {
  readonly clock: Clock;
  readonly limitMs: number;
  /** Creates the error when the limit passes; receives what the work threw at once in response to the abort, else `undefined`. */
  readonly onTimeout: (thrown: unknown) => Error;
  /** `true`: the timer does not keep the process alive. Default: it does. */
  readonly background?: boolean | undefined;
}

/**
 * Runs work for at most `limitMs`. When the limit passes, the signal of the work is aborted and the promise rejects; a later result or
 * rejection of the work is ignored.
 */
export function withDeadline<T>(deadline: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, limitMs, onTimeout } = deadline;
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    let thrownByWork: unknown;
    const stop = () => {
      controller.abort();
      // The work has one turn of the event loop to reject with the state of its call.
      cancel = startTimer(clock, 0, () => reject(onTimeout(thrownByWork)));
    };
    let cancel = deadline.background ? startBackgroundTimer(clock, limitMs, stop) : startTimer(clock, limitMs, stop);
    work(controller.signal).then(
      (value) => {
        cancel();
        resolve(value);
      },
      (thrown: unknown) => {
        thrownByWork = thrown;
        if (controller.signal.aborted) return;
        cancel();
        reject(thrown);
      },
    );
  });
}

/** Waits and keeps the process alive meanwhile. Resolves early when the signal aborts. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancel = startTimer(clock, delayMs, end);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end, { once: true });
  });
}

function startTimer(clock: Clock, delayMs: number, callback: () => void): () => void {
  const handle = clock.setTimeout(callback, delayMs);
  return () => clock.clearTimeout(handle);
}
