import { addToSketch, createSketch, type Sketch } from "@babylon/llm-core/sketch";
import type { Durations } from "./metrics.ts";

/** Durations that are still added to. */
export interface OpenDurations {
  readonly sketch: Sketch;
  totalMs: number;
}

/** Creates empty durations. */
export const openDurations = (): OpenDurations => ({ sketch: createSketch(), totalMs: 0 });

/** Adds a duration in milliseconds; a negative one (clock error) counts as 0. */
export function addDuration(durations: OpenDurations, durationMs: number): void {
  addToSketch(durations.sketch, durationMs);
  durations.totalMs += Math.max(0, durationMs);
}

/** A copy. */
export const copyDurations = ({ sketch, totalMs }: OpenDurations): Durations => ({
  sketch: { ...sketch, counts: sketch.counts.slice() },
  totalMs,
});
