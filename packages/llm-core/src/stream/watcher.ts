import type { LLMError } from "../errors/llm-error.ts";
import type { StreamEvent } from "./stream-event.ts";

/** Events while a call runs; the finish event is made of its result. */
export type WalkEvent = Exclude<StreamEvent, { type: "finish" }>;

/** What waits for the reader. */
export interface Waiting {
  /** The reader has taken everything and asks for more. */
  resume(): void;
  /** The call is interrupted. */
  fail(error: LLMError): void;
}

/** Somebody who may be reading a call's events. */
export interface Watcher {
  /** Whether anybody reads; while nobody does, nothing is shown and nothing binds. */
  isReading(): boolean;
  /** Events that were shown and have not been taken. */
  behind(): number;
  /** Whether the reader can be told that text is void. Where not, what was shown must be the beginning of the answer. */
  canRetract(): boolean;
  /** Shows an event; it is kept until it is taken. `false`: the reader sees nothing of it. */
  show(event: WalkEvent): boolean;
  /** Resumes when the reader has taken everything and asks for more: at once where he does, or where nobody reads. */
  whenAsked(waiting: Waiting): void;
}

/** Of a call that nobody watches. */
export const NO_WATCHER: Watcher = {
  isReading: () => false,
  behind: () => 0,
  canRetract: () => true,
  show: () => false,
  whenAsked: (waiting) => waiting.resume(),
};

/** Resolves when the reader has taken everything and asks for more; rejects with the interruption. */
export function caughtUp(watcher: Watcher): Promise<void> {
  return new Promise((resume, fail) => watcher.whenAsked({ resume, fail }));
}

/** Shows an event, and waits until the reader has taken it and asks for more. */
export function showAndWait(watcher: Watcher, event: WalkEvent): Promise<void> {
  watcher.show(event);
  return caughtUp(watcher);
}
