import { rowsOf } from "./history-rows.ts";
import type { SettingsRecord } from "./settings-record.ts";
import { fragmentOfWriteId, versionOfWriteId } from "./write-id.ts";
import { shortIdAt } from "./write-log.ts";

/**
 * What a record says about a write.
 *
 * - `applied`: it made one of the record's versions
 * - `lost`: another write made its version, so it was not applied and cannot be any more
 * - `open`: its version does not exist yet; it was not applied, and may still be
 * - `forgotten`: its version is older than what the record remembers
 */
export type WriteOutcome = "applied" | "lost" | "open" | "forgotten";

/** What became of a write, as far as a record reaches back. */
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
  // Only a history that is longer than the log has something to add.
  for await (const row of rowsOf(record)) {
    if (row.version === version) return outcomeOf(row.writeId === writeId);
    if (row.version < version) return "lost";
  }
  return "forgotten";
}

const outcomeOf = (applied: boolean): WriteOutcome => (applied ? "applied" : "lost");
