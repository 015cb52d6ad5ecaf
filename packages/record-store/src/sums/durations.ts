import type { Sketch } from "@babylon/llm-core/sketch";

/**
 * Buckets by which the counts of a sketch grow: eight doublings of the duration. Sums of a query merge thousands of sketches into one, and
 * `mergeSketch` allocates each time.
 */
const STEP = 256;

/** Makes room for a bucket. */
function reserve(sketch: Sketch, bucket: number): void {
  const { first, counts } = sketch;
  const isEmpty = counts.length === 0;
  const low = isEmpty ? bucket : Math.min(first, bucket);
  const high = isEmpty ? bucket + 1 : Math.max(first + counts.length, bucket + 1);
  const newFirst = Math.floor(low / STEP) * STEP;
  const larger = new Uint32Array(Math.ceil((high - newFirst) / STEP) * STEP);
  if (!isEmpty) larger.set(counts, first - newFirst);
  sketch.first = newFirst;
  sketch.counts = larger;
}

/** Counts several durations of one bucket. Does not change the shortest and the longest one. */
export function addBucket(sketch: Sketch, bucket: number, count: number): void {
  let at = bucket - sketch.first;
  if (at < 0 || at >= sketch.counts.length) {
    reserve(sketch, bucket);
    at = bucket - sketch.first;
  }
  sketch.counts[at] = (sketch.counts[at] ?? 0) + count;
  sketch.count += count;
}

/** Widens the range of a sketch. */
export function widenDurations(sketch: Sketch, minMs: number, maxMs: number): void {
  if (minMs < sketch.minMs) sketch.minMs = minMs;
  if (maxMs > sketch.maxMs) sketch.maxMs = maxMs;
}

/** Adds all of another sketch. */
export function mergeDurations(into: Sketch, { count, minMs, maxMs, first, counts }: Sketch): void {
  if (count === 0) return;
  widenDurations(into, minMs, maxMs);
  for (let at = 0; at < counts.length; at += 1) {
    const bucketCount = counts[at] ?? 0;
    if (bucketCount > 0) addBucket(into, first + at, bucketCount);
  }
}
