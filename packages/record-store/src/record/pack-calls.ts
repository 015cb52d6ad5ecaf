import type { UsageDimension } from "../contract/usage-query.ts";
import { type ByteReader, type ByteWriter, createByteReader, createByteWriter } from "../sums/bytes.ts";
import type { AttemptFigures, CallNames, RecordFigures } from "./record-figures.ts";

/** The dimensions in their stored order. */
export const PACKED_DIMENSIONS: readonly UsageDimension[] = [
  "provider",
  "model",
  "agent",
  "tenant",
  "purpose",
  "outcome",
];
/** Their positions. */
export const POSITION_OF: Readonly<Record<UsageDimension, number>> = {
  provider: 0,
  model: 1,
  agent: 2,
  tenant: 3,
  purpose: 4,
  outcome: 5,
};

/** The first number, so that a later form can be told apart. */
const FORM = 1;
const RESCUED = 1;
const FALLBACK = 2;
const SUCCEEDED = 1;
const FAILED = 2;
const UNKNOWN_USAGE = 4;
const UNKNOWN_COST = 8;
const OTHER_LINK = 16;

/** What is packed of a call. */
export interface CallToPack {
  readonly names: CallNames;
  readonly figures: RecordFigures;
}

/** Names, and the number of each. */
interface Dictionary {
  numberOf(name: string): number;
  write(writer: ByteWriter): void;
}

function createDictionary(): Dictionary {
  const numbers = new Map<string, number>();
  return {
    numberOf(name) {
      const known = numbers.get(name) ?? numbers.size;
      numbers.set(name, known);
      return known;
    },
    write(writer) {
      const names = createByteWriter();
      for (const name of numbers.keys()) names.text(name);
      writer.number(numbers.size);
      writer.block(names.bytes());
    },
  };
}

const toTime = (ms: number | null): number => (ms === null ? 0 : Math.round(ms * 1_000) + 1);
const fromTime = (stored: number): number | null => (stored === 0 ? null : (stored - 1) / 1_000);

function writeAttempt(
  writer: ByteWriter,
  attempt: AttemptFigures,
  answering: CallNames,
  numberOf: (dimension: UsageDimension, name: string) => number,
): void {
  const isOther = attempt.provider !== answering.provider || attempt.model !== answering.model;
  writer.number(
    (attempt.succeeded ? SUCCEEDED : 0) +
      (attempt.failed ? FAILED : 0) +
      (attempt.unknownUsage ? UNKNOWN_USAGE : 0) +
      (attempt.unknownCost ? UNKNOWN_COST : 0) +
      (isOther ? OTHER_LINK : 0),
  );
  if (isOther) {
    writer.number(numberOf("provider", attempt.provider));
    writer.number(numberOf("model", attempt.model));
  }
  writer.number(toTime(attempt.durationMs));
  writer.number(toTime(attempt.firstTokenMs));
  writer.number(attempt.inputTokens);
  writer.number(attempt.cachedInputTokens);
  writer.number(attempt.cacheWriteInputTokens);
  writer.number(attempt.outputTokens);
  writer.number(attempt.reasoningTokens);
  writer.number(attempt.nanoUsd);
  // Equal where the cost is known.
  if (attempt.unknownCost) writer.number(attempt.lowNanoUsd);
}

/**
 * Packs the calls of a quarter of an hour: about 35 bytes for each, with each name once. A query by several dimensions reads one value for a few
 * hundred calls, instead of a row for each.
 */
export function packCalls(calls: readonly CallToPack[]): Uint8Array {
  const dictionaries = PACKED_DIMENSIONS.map(createDictionary);
  const numberOf = (dimension: UsageDimension, name: string): number =>
    dictionaries[POSITION_OF[dimension]]?.numberOf(name) ?? 0;
  const body = createByteWriter();
  for (const { names, figures } of calls) {
    for (const dimension of PACKED_DIMENSIONS) body.number(numberOf(dimension, names[dimension]));
    body.number((figures.rescued ? RESCUED : 0) + (figures.fallback ? FALLBACK : 0));
    body.number(toTime(figures.durationMs));
    body.number(toTime(figures.firstTokenMs));
    body.number(figures.attempts.length);
    for (const attempt of figures.attempts) writeAttempt(body, attempt, names, numberOf);
  }
  const writer = createByteWriter();
  writer.number(FORM);
  for (const dictionary of dictionaries) dictionary.write(writer);
  writer.number(calls.length);
  writer.block(body.bytes());
  return writer.bytes();
}

/** Receives packed calls one after the other. Objects and numbers are reused: copy what is kept. */
export interface PackedCallsVisitor {
  /** The dimensions whose names are needed. */
  readonly needed: ReadonlySet<UsageDimension>;
  /** The names of each needed dimension, by position; others are empty. Before the first call. */
  begin(names: readonly (readonly string[])[]): void;
  /** @param ids - the number of the name of each dimension, by position */
  call(ids: Int32Array, figures: VisitedCall): void;
  /** An attempt of that call. Provider and model in `ids` are those of the attempt. */
  attempt(ids: Int32Array, figures: VisitedAttempt): void;
}

/** The figures of a call, without its attempts. */
export type VisitedCall = { -readonly [K in Exclude<keyof RecordFigures, "attempts">]: RecordFigures[K] };

/** The figures of an attempt, without the names of its link. */
export type VisitedAttempt = {
  -readonly [K in Exclude<keyof AttemptFigures, "provider" | "model">]: AttemptFigures[K];
};

function readDictionary(reader: ByteReader, isNeeded: boolean): readonly string[] {
  const count = reader.number();
  const bytes = reader.number();
  if (isNeeded) return Array.from({ length: count }, () => reader.text());
  reader.skip(bytes);
  return [];
}

function readAttempt(reader: ByteReader, attempt: VisitedAttempt, ids: Int32Array): void {
  const flags = reader.number();
  if ((flags & OTHER_LINK) !== 0) {
    ids[POSITION_OF.provider] = reader.number();
    ids[POSITION_OF.model] = reader.number();
  }
  attempt.succeeded = (flags & SUCCEEDED) !== 0;
  attempt.failed = (flags & FAILED) !== 0;
  attempt.unknownUsage = (flags & UNKNOWN_USAGE) !== 0;
  attempt.unknownCost = (flags & UNKNOWN_COST) !== 0;
  attempt.durationMs = fromTime(reader.number()) ?? 0;
  attempt.firstTokenMs = fromTime(reader.number());
  attempt.inputTokens = reader.number();
  attempt.cachedInputTokens = reader.number();
  attempt.cacheWriteInputTokens = reader.number();
  attempt.outputTokens = reader.number();
  attempt.reasoningTokens = reader.number();
  attempt.nanoUsd = reader.number();
  attempt.lowNanoUsd = attempt.unknownCost ? reader.number() : attempt.nanoUsd;
}

/** Reads packed calls. Throws a `RangeError` if the bytes are not those of packed calls. */
export function visitPackedCalls(bytes: Uint8Array, visitor: PackedCallsVisitor): void {
  const reader = createByteReader(bytes);
  if (reader.number() !== FORM) throw new RangeError("the bytes are not those of calls");
  visitor.begin(PACKED_DIMENSIONS.map((dimension) => readDictionary(reader, visitor.needed.has(dimension))));
  const count = reader.number();
  reader.number();
  const ids = new Int32Array(PACKED_DIMENSIONS.length);
  const call: VisitedCall = { rescued: false, fallback: false, durationMs: 0, firstTokenMs: null };
  const attempt: VisitedAttempt = {
    succeeded: false,
    failed: false,
    durationMs: 0,
    firstTokenMs: null,
    inputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteInputTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    unknownUsage: false,
    nanoUsd: 0,
    lowNanoUsd: 0,
    unknownCost: false,
  };
  for (let at = 0; at < count; at += 1) {
    for (let position = 0; position < ids.length; position += 1) ids[position] = reader.number();
    const provider = ids[POSITION_OF.provider] ?? 0;
    const model = ids[POSITION_OF.model] ?? 0;
    const flags = reader.number();
    call.rescued = (flags & RESCUED) !== 0;
    call.fallback = (flags & FALLBACK) !== 0;
    call.durationMs = fromTime(reader.number()) ?? 0;
    call.firstTokenMs = fromTime(reader.number());
    const attempts = reader.number();
    visitor.call(ids, call);
    for (let number = 0; number < attempts; number += 1) {
      ids[POSITION_OF.provider] = provider;
      ids[POSITION_OF.model] = model;
      readAttempt(reader, attempt, ids);
      visitor.attempt(ids, attempt);
    }
  }
}
