import { addToSketch, bucketOf, createSketch, type Sketch } from "./sketch.ts";

/** The first byte, so that a later form can be recognized. */
const FORM = 1;
/** The form, and the shortest and the longest duration. */
const HEAD_BYTES = 17;
const LOWEST_BUCKET = bucketOf(0);
const HIGHEST_BUCKET = bucketOf(Number.POSITIVE_INFINITY);

const notASketch = (): RangeError => new RangeError("the bytes are not those of a sketch");

/** A signed number as one without sign: 0, -1, 1, -2, ... */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function readVarints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte % 128) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    values.push(value);
    value = 0;
    scale = 1;
  }
  if (scale > 1 || values.length % 2 === 1) throw notASketch();
  return values;
}

/** The counts of a sketch as pairs of bucket and count, without empty buckets: for storage, in tens to hundreds of bytes. */
export function packSketch({ minMs, maxMs, first, counts }: Sketch): Uint8Array {
  const pairs: number[] = [];
  let last = 0;
  for (const [at, count] of counts.entries()) {
    if (count === 0) continue;
    pushVarint(pairs, zigzag(first + at - last));
    pushVarint(pairs, count);
    last = first + at;
  }
  const bytes = new Uint8Array(HEAD_BYTES + pairs.length);
  bytes[0] = FORM;
  const view = new DataView(bytes.buffer);
  view.setFloat64(1, minMs, true);
  view.setFloat64(9, maxMs, true);
  bytes.set(pairs, HEAD_BYTES);
  return bytes;
}

/** The sketch of {@link packSketch}. Throws a `RangeError` if the bytes are not one. */
export function unpackSketch(bytes: Uint8Array): Sketch {
  if (bytes[0] !== FORM || bytes.length < HEAD_BYTES) throw notASketch();
  const sketch = createSketch();
  const values = readVarints(bytes.subarray(HEAD_BYTES));
  let bucket = 0;
  for (let at = 0; at < values.length; at += 2) {
    bucket += unzigzag(values[at] ?? 0);
    if (bucket < LOWEST_BUCKET || bucket > HIGHEST_BUCKET) throw notASketch();
    addToSketch(sketch, 0, bucket, values[at + 1]);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  sketch.minMs = view.getFloat64(1, true);
  sketch.maxMs = view.getFloat64(9, true);
  return sketch;
}
