/** Buckets for each doubling of a duration. */
const PER_DOUBLING = 32;
/** The upper edge of bucket 0, milliseconds: every 32nd edge is one of the histogram edges of OpenTelemetry's GenAI conventions. */
const UNIT_MS = 10;
/** Durations of at most 0.01 ms are counted here, and read as 0. */
const ZERO_BUCKET = -10 * PER_DOUBLING;
/** Durations of more than 11 hours are counted here. */
const LAST_BUCKET = 22 * PER_DOUBLING - 1;

/**
 * The largest relative error of a quantile between 0.01 ms and 11 hours: 1.09 %. A bucket is narrower than that on both sides of the
 * value that stands for it.
 */
export const SKETCH_RELATIVE_ERROR: number = (2 ** (1 / PER_DOUBLING) - 1) / (2 ** (1 / PER_DOUBLING) + 1);

/**
 * How many durations fell into each of a fixed series of logarithmic buckets. Plain data of at most 4 KB. Merging adds the counts up,
 * so the merged sketch of several equals the sketch of all their durations.
 */
export interface Sketch {
  count: number;
  /** The shortest and the longest duration that was ever added: no quantile is outside of them. */
  leastMs: number;
  mostMs: number;
  /** The bucket at the first place of `counts`. */
  first: number;
  counts: Uint32Array;
}

const NO_COUNTS = new Uint32Array(0);

/** A sketch of nothing. */
export const createSketch = (): Sketch => ({
  count: 0,
  leastMs: Number.POSITIVE_INFINITY,
  mostMs: 0,
  first: 0,
  counts: NO_COUNTS,
});

/** The bucket of a duration, for {@link addToSketch} on several sketches. */
export function bucketOf(durationMs: number): number {
  const bucket = Math.ceil(Math.log2(durationMs / UNIT_MS) * PER_DOUBLING);
  if (!(bucket > ZERO_BUCKET)) return ZERO_BUCKET;
  return Math.min(bucket, LAST_BUCKET);
}

/** The duration that stands for all of a bucket, milliseconds: as far from its lower edge as from its upper one, relative to them. */
function durationOf(bucket: number): number {
  if (bucket === ZERO_BUCKET) return 0;
  const upperMs = UNIT_MS * 2 ** (bucket / PER_DOUBLING);
  return upperMs * (1 - SKETCH_RELATIVE_ERROR);
}

/** Makes room for the buckets from `low` to `high`, by whole doublings: a sketch grows a few dozen times at most, however long it is used. */
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

function widen(sketch: Sketch, leastMs: number, mostMs: number): void {
  if (leastMs < sketch.leastMs) sketch.leastMs = leastMs;
  if (mostMs > sketch.mostMs) sketch.mostMs = mostMs;
}

/** Counts one duration in milliseconds; below 0, where a clock was wrong, as 0. */
export function addToSketch(sketch: Sketch, durationMs: number, bucket: number = bucketOf(durationMs)): void {
  const knownMs = Math.max(0, durationMs);
  if (bucket < sketch.first || bucket >= sketch.first + sketch.counts.length) reserve(sketch, bucket, bucket);
  widen(sketch, knownMs, knownMs);
  const at = bucket - sketch.first;
  sketch.counts[at] = (sketch.counts[at] ?? 0) + 1;
  sketch.count += 1;
}

/** Adds all of another sketch to this one. */
export function mergeSketch(into: Sketch, from: Sketch): void {
  if (from.count === 0) return;
  reserve(into, from.first, from.first + from.counts.length - 1);
  widen(into, from.leastMs, from.mostMs);
  const shift = from.first - into.first;
  for (let at = 0; at < from.counts.length; at += 1) {
    into.counts[at + shift] = (into.counts[at + shift] ?? 0) + (from.counts[at] ?? 0);
  }
  into.count += from.count;
}

/** Takes away what an earlier {@link mergeSketch}, or its durations one by one, have added. */
export function subtractSketch(from: Sketch, part: Sketch): void {
  if (part.count === 0) return;
  const shift = part.first - from.first;
  for (let at = 0; at < part.counts.length; at += 1) {
    from.counts[at + shift] = (from.counts[at + shift] ?? 0) - (part.counts[at] ?? 0);
  }
  from.count -= part.count;
}

/** The duration below which the given share (0 to 1) of all lies, milliseconds; `null` of none. */
export function quantileOf(sketch: Sketch, share: number): number | null {
  if (sketch.count === 0) return null;
  const rank = Math.max(1, Math.ceil(share * sketch.count));
  let passed = 0;
  for (let at = 0; at < sketch.counts.length; at += 1) {
    passed += sketch.counts[at] ?? 0;
    if (passed >= rank) return Math.min(sketch.mostMs, Math.max(sketch.leastMs, durationOf(sketch.first + at)));
  }
  return null;
}
