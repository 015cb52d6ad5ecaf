import type { SystemSettings } from "@babylon/llm-core";
import type { HistoryRow } from "./history-row.ts";
import { addRow } from "./history-rows.ts";
import { toKeyvEnvelope } from "./keyv-envelope.ts";
import type { SettingsRecord } from "./settings-record.ts";
import { undoOf } from "./undo.ts";
import { logWrite } from "./write-log.ts";

/** What every backend takes in one value, and what can be read and checked without anybody noticing. */
export const MAX_RECORD_CHARACTERS = 2_000_000;

/** Half a record. A hundred changes of a thousand agents each take less than half of it. */
const MAX_HISTORY_CHARACTERS = 1_000_000;

/** For the fields around settings and history, and for colons that are doubled. */
const MARGIN_CHARACTERS = 100_000;

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

/** The record that follows another, with the fields of the other that are not known here. */
export function nextRecord(previous: SettingsRecord, change: Change): SettingsRecord {
  const { version, writeId, settings, at, by, reason, historyLimit } = change;
  const row: HistoryRow = { version, writeId, at, by, reason, ...undoOf(settings, previous.settings) };
  const room = MAX_RECORD_CHARACTERS - MARGIN_CHARACTERS - JSON.stringify(settings).length;
  const bounds = { limit: historyLimit, maxCharacters: Math.min(MAX_HISTORY_CHARACTERS, room) };
  return {
    ...previous,
    version,
    writeId,
    createdAt: previous.createdAt ?? at,
    updatedAt: at,
    updatedBy: by,
    settings,
    ...addRow(previous, row, bounds),
    writes: logWrite(previous.writes, { version: previous.version, rows: previous.history }, { version, writeId }),
  };
}

/** The text that is stored for a record. */
export function encodeRecord(record: SettingsRecord): string {
  return toKeyvEnvelope(record);
}
