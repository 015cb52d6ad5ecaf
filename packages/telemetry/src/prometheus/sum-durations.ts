import { createSketch, mergeSketch } from "@babylon/llm-core/sketch";
import type { Durations } from "../metrics/metrics.ts";
import type { Labels } from "./exposition.ts";

/** Durations by labels: those with the same labels are added. */
export interface DurationSums {
  add(labels: Labels, durations: Durations): void;
  all(): Iterable<{ readonly labels: Labels; readonly durations: Durations }>;
}

/** Creates empty sums. Exact: sketches merge without loss. */
export function createDurationSums(): DurationSums {
  const sums = new Map<string, { labels: Labels; durations: { sketch: Durations["sketch"]; totalMs: number } }>();
  return {
    add(labels, durations) {
      if (durations.sketch.count === 0) return;
      const key = JSON.stringify(labels);
      let sum = sums.get(key);
      if (sum === undefined) {
        sum = { labels, durations: { sketch: createSketch(), totalMs: 0 } };
        sums.set(key, sum);
      }
      mergeSketch(sum.durations.sketch, durations.sketch);
      sum.durations.totalMs += durations.totalMs;
    },
    all: () => sums.values(),
  };
}
