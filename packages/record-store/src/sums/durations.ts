import { bucketOf, type Sketch } from "@babylon/llm-core/sketch";

/** Buckets by which the counts of a sketch grow, at each end: two doublings of the duration. */
const MARGIN = 64;

/**
 * Makes room for the buckets of durations from one to another. Sums of a query merge thousands of sketches into one, and growing for each of their
 * buckets would take longer than counting.
 */
function reserve(sketch: Sketch, low: number, high: number): void {
  const { first, counts } = sketch;
  const end = first + counts.length;
  if (counts.length > 0 && low >= first && high < end) return;
  const newFirst = counts.length > 0 && low >= first ? first : low - MARGIN;
  const newEnd = counts.length > 0 && high < end ? end : high + 1 + MARGIN;
  const larger = new Uint32Array(newEnd - newFirst);
  if (counts.length > 0) larger.set(counts, first - newFirst);
  sketch.first = newFirst;
  sketch.counts = larger;
}

/** Counts several durations of one bucket. Does not change the shortest and the longest one. */
export function addBucket(sketch: Sketch, bucket: number, count: number): void {
  let at = bucket - sketch.first;
  if (at < 0 || at >= sketch.counts.length) {
    reserve(sketch, bucket, bucket);
    at = bucket - sketch.first;
  }
  sketch.counts[at] = (sketch.counts[at] ?? 0) + count;
  sketch.count += count;
}

/** Widens the range of a sketch, before durations between these are counted. */
export function widenDurations(sketch: Sketch, minMs: number, maxMs: number): void {
  if (minMs < sketch.minMs || maxMs > sketch.maxMs) reserve(sketch, bucketOf(minMs), bucketOf(maxMs));
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
