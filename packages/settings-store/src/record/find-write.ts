import { rowsOf } from "./history-rows.ts";
import type { SettingsRecord } from "./settings-record.ts";
import { fragmentOfWriteId, versionOfWriteId } from "./write-id.ts";
import { shortIdAt } from "./write-log.ts";

/**
 * The outcome of a write, according to a record.
 *
 * - `applied`: it created one of the record's versions
 * - `lost`: another write created its version, so it was not and will not be applied
 * - `open`: its version does not exist yet, so it was not applied but still may be
 * - `forgotten`: its version is older than the record's history and write log
 */
export type WriteOutcome = "applied" | "lost" | "open" | "forgotten";

/** Finds the outcome of a write in a record. */
export async function findWrite(record: SettingsRecord, writeId: string): Promise<WriteOutcome> {
  const version = versionOfWriteId(writeId);
  if (version === null) return "forgotten";
  if (record.version < version) return "open";
  if (record.version === version) return outcomeOf(record.writeId === writeId);
  for (const row of record.history) {
    if (row.version === version) return outcomeOf(row.writeId === writeId);
    if (row.version < version) return "lost";
  }
  const logged = shortIdAt(record.writes, version);
  if (logged !== undefined) return outcomeOf(logged === fragmentOfWriteId(writeId));
  // The history may be longer than the log.
  for await (const row of rowsOf(record)) {
    if (row.version === version) return outcomeOf(row.writeId === writeId);
    if (row.version < version) return "lost";
  }
  return "forgotten";
}

const outcomeOf = (applied: boolean): WriteOutcome => (applied ? "applied" : "lost");
