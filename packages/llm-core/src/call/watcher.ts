import type { StreamEvent } from "../stream/stream-event.ts";

/** Events while a call runs; the finish event is made of its result. */
export type WalkEvent = Exclude<StreamEvent, { type: "finish" }>;

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
  /**
   * For when the reader has taken everything and asks for more: `null` when he does, else a promise of it, which rejects when the
   * call is interrupted meanwhile.
   */
  caughtUp(): Promise<void> | null;
}

/** Shows an event, and waits until the reader has taken it and asks for more. */
export async function showAndWait(watcher: Watcher, event: WalkEvent): Promise<void> {
  watcher.show(event);
  await watcher.caughtUp();
}
