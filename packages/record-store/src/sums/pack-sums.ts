import type { Sketch } from "@babylon/llm-core/sketch";
import { type ByteReader, type ByteWriter, createByteReader, createByteWriter } from "./bytes.ts";
import { widenDurations } from "./durations.ts";
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
  // Makes room for all buckets between these.
  widenDurations(into, minMs, reader.number() / 1_000);
  into.count += reader.addAtDistances(used, BELOW_ALL_BUCKETS - into.first, into.counts);
}

/** Packs the sums of one dimension in one period: 40 to 100 bytes for each name. */
export function packSums(named: NamedSums): Uint8Array {
  const writer = createByteWriter();
  writer.number(FORM);
  for (const [name, sums] of named) {
    writer.text(name);
    for (const field of SUM_FIELDS) writer.number(sums[field]);
    const durations = createByteWriter();
    writeSketch(durations, sums.latency);
    writeSketch(durations, sums.firstToken);
    writer.block(durations.bytes());
  }
  return writer.bytes();
}

function openSums(bytes: Uint8Array): ByteReader {
  const reader = createByteReader(bytes);
  if (reader.number() !== FORM) throw new RangeError("the bytes are not those of sums");
  return reader;
}

/**
 * Adds packed sums to the sums that `target` returns for each name; `null` skips a name. Throws a `RangeError` if the bytes are not
 * packed sums.
 */
export function addPackedSums(bytes: Uint8Array, target: (name: string) => Sums | null): void {
  const reader = openSums(bytes);
  while (!reader.isAtEnd()) {
    const sums = target(reader.text());
    for (const field of SUM_FIELDS) {
      const count = reader.number();
      if (sums !== null && count > 0) sums[field] += count;
    }
    const blockBytes = reader.number();
    if (sums === null) {
      reader.skip(blockBytes);
      continue;
    }
    readSketch(reader, sums.latency);
    readSketch(reader, sums.firstToken);
  }
}

/** Adds the costs and calls of packed sums, by name: a tenth of the work of the whole sums. */
export function addPackedRanks(bytes: Uint8Array, ranks: Map<string, NameRank>): void {
  const reader = openSums(bytes);
  while (!reader.isAtEnd()) {
    const name = reader.text();
    const rank = ranks.get(name) ?? { nanoUsd: 0, calls: 0 };
    for (const field of SUM_FIELDS) {
      const count = reader.number();
      if (field === "nanoUsd") rank.nanoUsd += count;
      if (field === "calls") rank.calls += count;
    }
    reader.skip(reader.number());
    ranks.set(name, rank);
  }
}

/** What groups are ordered by. */
export interface NameRank {
  nanoUsd: number;
  calls: number;
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
