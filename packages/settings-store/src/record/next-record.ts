import type { SystemSettings } from "@babylon/llm-core";
import { diffMergePatch } from "../merge-patch.ts";
import { toKeyvEnvelope } from "./keyv-envelope.ts";
import { type HistoryRow, RECORD_SCHEMA, type SettingsRecord } from "./settings-record.ts";

/** Keeps one record readable in a millisecond and well below what any backend takes in one value. */
const MAX_HISTORY_CHARACTERS = 256_000;

/** One change that is about to be written. */
export interface Change {
  readonly version: number;
  readonly writeId: string;
  readonly settings: SystemSettings;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string | null;
  readonly reason: string | null;
  /** How many changes the record remembers. */
  readonly historyLimit: number;
}

/** The record that follows another. */
export function nextRecord(previous: SettingsRecord, change: Change): SettingsRecord {
  const row: HistoryRow = {
    version: change.version,
    writeId: change.writeId,
    at: change.at,
    by: change.by,
    reason: change.reason,
    undo: diffMergePatch(change.settings, previous.settings),
  };
  return {
    id: "system",
    schema: RECORD_SCHEMA,
    version: change.version,
    writeId: change.writeId,
    createdAt: previous.createdAt ?? change.at,
    updatedAt: change.at,
    updatedBy: change.by,
    settings: change.settings,
    history: bounded([row, ...previous.history], change.historyLimit),
  };
}

/** The text that is stored for a record. */
export function encodeRecord(record: SettingsRecord): string {
  return toKeyvEnvelope(record);
}

function bounded(rows: readonly HistoryRow[], limit: number): readonly HistoryRow[] {
  const kept: HistoryRow[] = [];
  let characters = 0;
  for (const row of rows.slice(0, limit)) {
    characters += JSON.stringify(row).length;
    if (characters > MAX_HISTORY_CHARACTERS) break;
    kept.push(row);
  }
  return kept;
}
