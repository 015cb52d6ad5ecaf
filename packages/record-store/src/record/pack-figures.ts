import { type ByteReader, type ByteWriter, createByteReader, createByteWriter } from "../sums/bytes.ts";
import type { AttemptFigures, CallNames, RecordFigures } from "./record-figures.ts";

type Link = Pick<CallNames, "provider" | "model">;

/** Flags of an attempt, and of a call. */
const SUCCEEDED = 1;
const FAILED = 2;
const UNKNOWN_USAGE = 4;
const UNKNOWN_COST = 8;
const OTHER_LINK = 16;
const RESCUED = 1;
const FALLBACK = 2;

const NO_TIME = 0;

function writeTime(writer: ByteWriter, ms: number | null): void {
  writer.number(ms === null ? NO_TIME : Math.round(ms * 1_000) + 1);
}

function readTime(reader: ByteReader): number | null {
  const stored = reader.number();
  return stored === NO_TIME ? null : (stored - 1) / 1_000;
}

function writeAttempt(writer: ByteWriter, attempt: AttemptFigures, answering: Link): void {
  const isOther = attempt.provider !== answering.provider || attempt.model !== answering.model;
  writer.number(
    (attempt.succeeded ? SUCCEEDED : 0) +
      (attempt.failed ? FAILED : 0) +
      (attempt.unknownUsage ? UNKNOWN_USAGE : 0) +
      (attempt.unknownCost ? UNKNOWN_COST : 0) +
      (isOther ? OTHER_LINK : 0),
  );
  if (isOther) {
    writer.text(attempt.provider);
    writer.text(attempt.model);
  }
  writeTime(writer, attempt.durationMs);
  writeTime(writer, attempt.firstTokenMs);
  writer.number(attempt.inputTokens);
  writer.number(attempt.cachedInputTokens);
  writer.number(attempt.cacheWriteInputTokens);
  writer.number(attempt.outputTokens);
  writer.number(attempt.reasoningTokens);
  writer.number(attempt.nanoUsd);
  // Equal where the cost is known.
  if (attempt.unknownCost) writer.number(attempt.lowNanoUsd);
}

function readAttempt(reader: ByteReader, answering: Link): AttemptFigures {
  const flags = reader.number();
  const isOther = (flags & OTHER_LINK) !== 0;
  const provider = isOther ? reader.text() : answering.provider;
  const model = isOther ? reader.text() : answering.model;
  const durationMs = readTime(reader) ?? 0;
  const firstTokenMs = readTime(reader);
  const inputTokens = reader.number();
  const cachedInputTokens = reader.number();
  const cacheWriteInputTokens = reader.number();
  const outputTokens = reader.number();
  const reasoningTokens = reader.number();
  const nanoUsd = reader.number();
  const unknownCost = (flags & UNKNOWN_COST) !== 0;
  return {
    provider,
    model,
    succeeded: (flags & SUCCEEDED) !== 0,
    failed: (flags & FAILED) !== 0,
    durationMs,
    firstTokenMs,
    inputTokens,
    cachedInputTokens,
    cacheWriteInputTokens,
    outputTokens,
    reasoningTokens,
    unknownUsage: (flags & UNKNOWN_USAGE) !== 0,
    nanoUsd,
    lowNanoUsd: unknownCost ? reader.number() : nanoUsd,
    unknownCost,
  };
}

/** Packs the figures of a call into about 30 bytes, for an index that is read instead of the rows. */
export function packFigures(figures: RecordFigures, answering: Link): Uint8Array {
  const writer = createByteWriter();
  writer.number((figures.rescued ? RESCUED : 0) + (figures.fallback ? FALLBACK : 0));
  writeTime(writer, figures.durationMs);
  writeTime(writer, figures.firstTokenMs);
  writer.number(figures.attempts.length);
  for (const attempt of figures.attempts) writeAttempt(writer, attempt, answering);
  return writer.bytes();
}

/** The figures of {@link packFigures}. Throws a `RangeError` if the bytes are not those of figures. */
export function unpackFigures(bytes: Uint8Array, answering: Link): RecordFigures {
  return readFigures(createByteReader(bytes), answering);
}

/** Calls `each` with the figures of packed figures that were written one after the other. */
export function unpackAllFigures(bytes: Uint8Array, answering: Link, each: (figures: RecordFigures) => void): void {
  const reader = createByteReader(bytes);
  while (!reader.isAtEnd()) each(readFigures(reader, answering));
}

function readFigures(reader: ByteReader, answering: Link): RecordFigures {
  const flags = reader.number();
  const durationMs = readTime(reader) ?? 0;
  const firstTokenMs = readTime(reader);
  const count = reader.number();
  const attempts: AttemptFigures[] = [];
  for (let at = 0; at < count; at += 1) attempts.push(readAttempt(reader, answering));
  return {
    rescued: (flags & RESCUED) !== 0,
    fallback: (flags & FALLBACK) !== 0,
    durationMs,
    firstTokenMs,
    attempts,
  };
}
