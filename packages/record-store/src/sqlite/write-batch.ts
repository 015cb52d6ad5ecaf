import type { SqliteDatabase } from "@babylon/storage";
import type { RecordBatch } from "../contract/record-engine.ts";
import { toCallFigures, toCallNames } from "../record/call-figures.ts";
import { packFigures } from "../record/pack-figures.ts";
import type { PackedContent } from "../record/pack-record.ts";
import { parsePackedRecord } from "../record/unpack-record.ts";
import { addCall, SUM_DIMENSIONS } from "../sums/add-call.ts";
import { mergeNamedSums } from "../sums/limit-names.ts";
import { type NamedSums, packSums, sumsOf, unpackSumsInto } from "../sums/pack-sums.ts";
import { sumsKey } from "../sums/sums-key.ts";
import { QUARTER_MS, QUARTERS_PER_HOUR } from "../usage/quarter.ts";
import { inTransaction } from "./transaction.ts";

const INSERT_CALL = `INSERT OR IGNORE INTO records_calls
  (call_id, started_at, outcome, provider, model, agent, tenant, purpose, figures, line) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const INSERT_CONTENT = "INSERT OR IGNORE INTO records_content VALUES (?, ?, ?)";
const READ_SUMS = "SELECT sums FROM records_sums WHERE key = ?";
const WRITE_SUMS = "INSERT INTO records_sums VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET sums = excluded.sums";

/** The sums of one batch: for each quarter the sums by name of each dimension. */
type BatchSums = Map<number, readonly NamedSums[]>;

/**
 * Stores the calls of a batch that are not stored yet, and adds them to the sums, in one transaction. Returns the hours that it added to.
 */
export function writeBatch(database: SqliteDatabase, { lines, contents }: RecordBatch): ReadonlySet<number> {
  return inTransaction(database, () => {
    const sums: BatchSums = new Map();
    if (lines !== "") for (const line of lines.split("\n")) insertCall(database, line, sums);
    if (contents !== "") for (const line of contents.split("\n")) insertContent(database, line);
    const hours = new Set<number>();
    for (const [quarter, named] of sums) {
      addToStored(database, quarter, named);
      hours.add(Math.floor(quarter / QUARTERS_PER_HOUR));
    }
    for (const hour of hours) markStale(database, hour);
    return hours;
  });
}

function insertCall(database: SqliteDatabase, line: string, sums: BatchSums): void {
  const packed = parsePackedRecord(line);
  const [, callId, startedAt] = packed;
  const names = toCallNames(packed);
  const figures = toCallFigures(packed);
  const { outcome, provider, model, agent, tenant, purpose } = names;
  const inserted = database
    .prepare(INSERT_CALL)
    .run(callId, startedAt, outcome, provider, model, agent, tenant, purpose, packFigures(figures, names), line);
  if (inserted === 0) return;
  const quarter = Math.floor(startedAt / QUARTER_MS);
  let named = sums.get(quarter);
  if (named === undefined) {
    named = SUM_DIMENSIONS.map(() => new Map());
    sums.set(quarter, named);
  }
  for (const [index, dimension] of SUM_DIMENSIONS.entries()) {
    const ofDimension = named[index];
    if (ofDimension !== undefined) addCall(dimension, names, figures, (name) => sumsOf(ofDimension, name));
  }
}

function insertContent(database: SqliteDatabase, line: string): void {
  const [callId, startedAt, content] = JSON.parse(line) as PackedContent;
  database.prepare(INSERT_CONTENT).run(callId, startedAt, JSON.stringify(content));
}

function addToStored(database: SqliteDatabase, quarter: number, named: readonly NamedSums[]): void {
  for (const [index, dimension] of SUM_DIMENSIONS.entries()) {
    const key = sumsKey(dimension, "quarter", quarter);
    const stored = database.prepare(READ_SUMS).get(key)?.sums;
    const merged: NamedSums = new Map();
    if (stored instanceof Uint8Array) unpackSumsInto(stored, merged);
    mergeNamedSums(merged, named[index] ?? new Map());
    database.prepare(WRITE_SUMS).run(key, packSums(merged));
  }
}

/** The sums of this hour are no longer those of its quarters. */
function markStale(database: SqliteDatabase, hour: number): void {
  const isNew = database.prepare("INSERT OR IGNORE INTO records_stale_hours VALUES (?)").run(hour) > 0;
  if (!isNew) return;
  for (const dimension of SUM_DIMENSIONS) {
    database.prepare("DELETE FROM records_sums WHERE key = ?").run(sumsKey(dimension, "hour", hour));
  }
}
