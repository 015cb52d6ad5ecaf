import type { StreamEvent } from "../stream/stream-event.ts";

/** Events while a call runs; the finish event is made of its result. */
export type WalkEvent = Exclude<StreamEvent, { type: "finish" }>;

/** Somebody who may be reading a call's events. */
export interface Watcher {
  /** Whether anybody reads; while nobody does, nothing is shown and nothing binds. */
  readonly reading: boolean;
  /** Shows an event. Resolves when the reader asks for more; rejects when the call is interrupted meanwhile. */
  emit(event: WalkEvent): Promise<void>;
}
