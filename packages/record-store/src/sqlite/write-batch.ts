import { inTransaction, type SqliteDatabase } from "@babylon/storage";
import type { RecordBatch } from "../contract/record-engine.ts";
import { packFigures } from "../record/pack-figures.ts";
import type { PackedContent } from "../record/pack-record.ts";
import { toCallNames, toRecordFigures } from "../record/record-figures.ts";
import { parsePackedRecord } from "../record/unpack-record.ts";
import { addCall, SUM_DIMENSIONS } from "../sums/add-call.ts";
import { limitedSumsOf } from "../sums/limit-names.ts";
import { QUARTERS_OF } from "../sums/sums-key.ts";
import { QUARTER_MS } from "../usage/quarter.ts";
import { markStale } from "./mark-stale.ts";
import type { SumsCache } from "./sums-cache.ts";

const INSERT_CALL = `INSERT OR IGNORE INTO records_calls
  (call_id, started_at, outcome, provider, model, agent, tenant, purpose, figures, line) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const INSERT_CONTENT = "INSERT OR IGNORE INTO records_content VALUES (?, ?, ?)";

/**
 * Stores the calls of a batch that are not stored yet, and adds them to the sums, in one transaction. Returns the hours that it added to.
 */
export function writeBatch(
  database: SqliteDatabase,
  cache: SumsCache,
  { lines, contents }: RecordBatch,
): ReadonlySet<number> {
  try {
    return inTransaction(database, () => {
      cache.begin();
      if (lines !== "") for (const line of lines.split("\n")) insertCall(database, cache, line);
      if (contents !== "") for (const line of contents.split("\n")) insertContent(database, line);
      const hours = new Set(cache.store().map((quarter) => Math.floor(quarter / QUARTERS_OF.hour)));
      for (const hour of hours) markStale(database, hour);
      return hours;
    });
  } catch (thrown) {
    cache.clear();
    throw thrown;
  }
}

function insertCall(database: SqliteDatabase, cache: SumsCache, line: string): void {
  const packed = parsePackedRecord(line);
  const [, callId, startedAt] = packed;
  const names = toCallNames(packed);
  const figures = toRecordFigures(packed);
  const { outcome, provider, model, agent, tenant, purpose } = names;
  const inserted = database
    .prepare(INSERT_CALL)
    .run(callId, startedAt, outcome, provider, model, agent, tenant, purpose, packFigures(figures, names), line);
  if (inserted === 0) return;
  const quarter = cache.quarter(Math.floor(startedAt / QUARTER_MS));
  for (const [index, dimension] of SUM_DIMENSIONS.entries()) {
    const named = quarter[index];
    if (named !== undefined) addCall(dimension, names, figures, (name) => limitedSumsOf(named, name));
  }
}

function insertContent(database: SqliteDatabase, line: string): void {
  const [callId, startedAt, content] = JSON.parse(line) as PackedContent;
  database.prepare(INSERT_CONTENT).run(callId, startedAt, JSON.stringify(content));
}
