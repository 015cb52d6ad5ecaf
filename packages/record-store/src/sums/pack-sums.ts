import { addToSketch, type Sketch } from "@babylon/llm-core/sketch";
import { type ByteReader, type ByteWriter, createByteReader, createByteWriter } from "./bytes.ts";
import { createSums, SUM_FIELDS, type Sums } from "./sums.ts";

/** Sums by name. */
export type NamedSums = Map<string, Sums>;

/** The first number of packed sums, so that a later form can be told apart. */
const FORM = 1;
/** Below every bucket of a sketch, whose lowest is -320, so that stored differences are not negative. */
const BELOW_ALL_BUCKETS = -512;

function writeSketch(writer: ByteWriter, { minMs, maxMs, first, counts }: Sketch): void {
  let used = 0;
  for (const bucketCount of counts) if (bucketCount > 0) used += 1;
  writer.number(used);
  if (used === 0) return;
  writer.number(Math.round(minMs * 1_000));
  writer.number(Math.round(maxMs * 1_000));
  let last = BELOW_ALL_BUCKETS;
  for (let at = 0; at < counts.length; at += 1) {
    const bucketCount = counts[at] ?? 0;
    if (bucketCount === 0) continue;
    writer.number(first + at - last);
    writer.number(bucketCount);
    last = first + at;
  }
}

function readSketch(reader: ByteReader, into: Sketch): void {
  const used = reader.number();
  if (used === 0) return;
  const minMs = reader.number() / 1_000;
  const maxMs = reader.number() / 1_000;
  if (minMs < into.minMs) into.minMs = minMs;
  let bucket = BELOW_ALL_BUCKETS;
  for (let pair = 0; pair < used; pair += 1) {
    bucket += reader.number();
    addToSketch(into, maxMs, bucket, reader.number());
  }
}

/** Packs the sums of one dimension in one period: 40 to 100 bytes for each name. */
export function packSums(named: NamedSums): Uint8Array {
  const writer = createByteWriter();
  writer.number(FORM);
  for (const [name, sums] of named) {
    writer.text(name);
    for (const field of SUM_FIELDS) writer.number(sums[field]);
    writeSketch(writer, sums.latency);
    writeSketch(writer, sums.firstToken);
  }
  return writer.bytes();
}

const skipped: Sums = createSums();

/**
 * Adds packed sums to the sums that `target` returns for each name; `null` skips a name. Throws a `RangeError` if the bytes are not
 * packed sums.
 */
export function addPackedSums(bytes: Uint8Array, target: (name: string) => Sums | null): void {
  const reader = createByteReader(bytes);
  if (reader.number() !== FORM) throw new RangeError("the bytes are not those of sums");
  while (!reader.isAtEnd()) {
    const sums = target(reader.text()) ?? skipped;
    for (const field of SUM_FIELDS) sums[field] += reader.number();
    readSketch(reader, sums.latency);
    readSketch(reader, sums.firstToken);
  }
}

/** Adds packed sums to sums by name. */
export function unpackSumsInto(bytes: Uint8Array, named: NamedSums): void {
  addPackedSums(bytes, (name) => sumsOf(named, name));
}

/** The sums of a name, created if there are none. */
export function sumsOf(named: NamedSums, name: string): Sums {
  const found = named.get(name);
  if (found !== undefined) return found;
  const created = createSums();
  named.set(name, created);
  return created;
}
