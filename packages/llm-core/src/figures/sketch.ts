/** Buckets for each doubling of a duration. */
const PER_DOUBLING = 32;
/** The upper edge of bucket 0, milliseconds: every 32nd edge is one of the histogram edges of OpenTelemetry's GenAI conventions. */
const UNIT_MS = 10;
/** Durations of at most 0.01 ms are counted here, and read as 0. */
const ZERO_BUCKET = -10 * PER_DOUBLING;
/** Durations of more than 11 hours are counted here. */
const LAST_BUCKET = 22 * PER_DOUBLING - 1;

/**
 * Maximum relative error of a quantile between 0.01 ms and 11 hours: 1.09 %. Both edges of a bucket are at most that far from its
 * representative value.
 */
export const SKETCH_RELATIVE_ERROR: number = (2 ** (1 / PER_DOUBLING) - 1) / (2 ** (1 / PER_DOUBLING) + 1);

/**
 * A histogram of durations with fixed logarithmic buckets. Plain data of at most 4 KB. Merging adds the counts, so a merged sketch equals
 * the sketch of all durations.
 */
export interface Sketch {
  count: number;
  /** The shortest and the longest duration ever added: they bound all quantiles. */
  minMs: number;
  maxMs: number;
  /** The bucket of `counts[0]`. */
  first: number;
  counts: Uint32Array;
}

const NO_COUNTS = new Uint32Array(0);

/** Creates an empty sketch. */
export const createSketch = (): Sketch => ({
  count: 0,
  minMs: Number.POSITIVE_INFINITY,
  maxMs: 0,
  first: 0,
  counts: NO_COUNTS,
});

/** The bucket of a duration, for {@link addToSketch} on several sketches. */
export function bucketOf(durationMs: number): number {
  const bucket = Math.ceil(Math.log2(durationMs / UNIT_MS) * PER_DOUBLING);
  if (!(bucket > ZERO_BUCKET)) return ZERO_BUCKET;
  return Math.min(bucket, LAST_BUCKET);
}

/** The representative duration of a bucket, milliseconds: with the same relative distance to both edges. */
function durationOf(bucket: number): number {
  if (bucket === ZERO_BUCKET) return 0;
  const upperMs = UNIT_MS * 2 ** (bucket / PER_DOUBLING);
  return upperMs * (1 - SKETCH_RELATIVE_ERROR);
}

/** Extends `counts` to the buckets from `low` to `high`, in whole doublings, so that a sketch grows at most a few dozen times. */
function reserve(sketch: Sketch, low: number, high: number): void {
  const { first, counts } = sketch;
  const end = first + counts.length;
  const from = counts.length === 0 ? low : Math.min(low, first);
  const to = counts.length === 0 ? high + 1 : Math.max(high + 1, end);
  const newFirst = Math.floor(from / PER_DOUBLING) * PER_DOUBLING;
  const newCounts = new Uint32Array(Math.ceil((to - newFirst) / PER_DOUBLING) * PER_DOUBLING);
  if (counts.length > 0) newCounts.set(counts, first - newFirst);
  sketch.first = newFirst;
  sketch.counts = newCounts;
}

function widen(sketch: Sketch, minMs: number, maxMs: number): void {
  if (minMs < sketch.minMs) sketch.minMs = minMs;
  if (maxMs > sketch.maxMs) sketch.maxMs = maxMs;
}

/** Counts one duration in milliseconds, or several in one bucket. A negative duration (clock error) counts as 0. */
export function addToSketch(
  sketch: Sketch,
  durationMs: number,
  bucket: number = bucketOf(durationMs),
  times: number = 1,
): void {
  const countedMs = Math.max(0, durationMs);
  if (bucket < sketch.first || bucket >= sketch.first + sketch.counts.length) reserve(sketch, bucket, bucket);
  widen(sketch, countedMs, countedMs);
  const at = bucket - sketch.first;
  sketch.counts[at] = (sketch.counts[at] ?? 0) + times;
  sketch.count += times;
}

/** Adds all of another sketch to this one. */
export function mergeSketch(into: Sketch, from: Sketch): void {
  if (from.count === 0) return;
  reserve(into, from.first, from.first + from.counts.length - 1);
  widen(into, from.minMs, from.maxMs);
  const shift = from.first - into.first;
  for (let at = 0; at < from.counts.length; at += 1) {
    into.counts[at + shift] = (into.counts[at + shift] ?? 0) + (from.counts[at] ?? 0);
  }
  into.count += from.count;
}

/** Subtracts the durations of `part`, which were added before. */
export function subtractSketch(from: Sketch, part: Sketch): void {
  if (part.count === 0) return;
  const shift = part.first - from.first;
  for (let at = 0; at < part.counts.length; at += 1) {
    from.counts[at + shift] = (from.counts[at + shift] ?? 0) - (part.counts[at] ?? 0);
  }
  from.count -= part.count;
}

/** The quantile for a share from 0 to 1, milliseconds; `null` for an empty sketch. */
export function quantileOf(sketch: Sketch, share: number): number | null {
  if (sketch.count === 0) return null;
  const rank = Math.max(1, Math.ceil(share * sketch.count));
  let passed = 0;
  for (let at = 0; at < sketch.counts.length; at += 1) {
    passed += sketch.counts[at] ?? 0;
    if (passed >= rank) return Math.min(sketch.maxMs, Math.max(sketch.minMs, durationOf(sketch.first + at)));
  }
  return null;
}

/**
 * How many durations are at most so long. Exact for the edges of the buckets, which are 10 ms times the powers of 2^(1/32); between two
 * edges the whole bucket counts.
 */
export function countUpTo({ first, counts }: Sketch, durationMs: number): number {
  const end = Math.min(counts.length, bucketOf(durationMs) - first + 1);
  let count = 0;
  for (let at = 0; at < end; at += 1) count += counts[at] ?? 0;
  return count;
}
