import type { LLMError } from "../errors/llm-error.ts";
import type { StreamEvent } from "./stream-event.ts";

/** Events while a call runs; the finish event is created from the result. */
export type WalkEvent = Exclude<StreamEvent, { type: "finish" }>;

/** Waits until the reader has drained the buffer. */
export interface DrainWaiter {
  /** The buffer is drained and the reader waits for the next event. */
  resume(): void;
  /** The call is interrupted. */
  fail(error: LLMError): void;
}

/** The reader side of a call's events; there may be no reader. */
export interface Watcher {
  /** Whether there is a reader. Without one, no event is shown and nothing is committed. */
  isReading(): boolean;
  /** Number of events that were shown and not read yet. */
  bufferedCount(): number;
  /** Whether the reader can process a restart. If not, the shown text must stay the beginning of the answer. */
  canRetract(): boolean;
  /** Number of reads so far. */
  readCount(): number;
  /** Whether a read is pending, or there is no reader to wait for. */
  isAwaited(): boolean;
  /** Shows an event: it is buffered until it is read. `false`: the reader does not receive it. */
  show(event: WalkEvent): boolean;
  /** Resumes the waiter when the buffer is drained and the reader waits for the next event; immediately if there is no reader. */
  whenDrained(waiter: DrainWaiter): void;
}

/** For a call without a stream. */
export const NO_WATCHER: Watcher = {
  isReading: () => false,
  bufferedCount: () => 0,
  canRetract: () => true,
  readCount: () => 0,
  isAwaited: () => true,
  show: () => false,
  whenDrained: (waiter) => waiter.resume(),
};

/** Resolves when the buffer is drained and the reader waits for the next event; rejects with the call's interruption. */
export function drained(watcher: Watcher): Promise<void> {
  return new Promise((resume, fail) => watcher.whenDrained({ resume, fail }));
}

/** Shows an event, and waits until the reader has read it and waits for the next one. */
export function showAndWait(watcher: Watcher, event: WalkEvent): Promise<void> {
  watcher.show(event);
  return drained(watcher);
}
