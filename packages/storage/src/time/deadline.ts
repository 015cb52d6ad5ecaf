import type { Clock } from "@babylon/llm-core";
import { startBackgroundTimer } from "./background-timer.ts";

/** A limit of time on work that may never end by itself. */
export interface Deadline {
  readonly clock: Clock;
  readonly limitMs: number;
  /** The error when the limit passes; gets what the work threw when it was told to stop, if it did so at once. */
  readonly onTimeout: (thrown: unknown) => Error;
  /** `true`: the process may end before the work does. Default: the wait keeps it alive. */
  readonly background?: boolean | undefined;
}

/**
 * Runs work for at most `limitMs`. Its signal is aborted when the limit passes. What the work does later than that is nobody's business
 * any more; a late rejection is swallowed.
 */
export function withDeadline<T>(deadline: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, limitMs, onTimeout } = deadline;
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    let late: unknown;
    const stop = () => {
      controller.abort();
      // One turn of the event loop for the work to say what became of it.
      cancel = startTimer(clock, 0, () => reject(onTimeout(late)));
    };
    let cancel = deadline.background ? startBackgroundTimer(clock, limitMs, stop) : startTimer(clock, limitMs, stop);
    work(controller.signal).then(
      (value) => {
        cancel();
        resolve(value);
      },
      (thrown: unknown) => {
        late = thrown;
        if (controller.signal.aborted) return;
        cancel();
        reject(thrown);
      },
    );
  });
}

/** Waits, keeping the process alive. Ends early when the signal aborts. */
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
