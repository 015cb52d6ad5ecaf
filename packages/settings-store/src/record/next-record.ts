import type { SystemSettings } from "@babylon/llm-core";
import type { HistoryRow } from "./history-row.ts";
import { addRow } from "./history-rows.ts";
import { toKeyvEnvelope } from "./keyv-envelope.ts";
import type { SettingsRecord } from "./settings-record.ts";
import { undoOf } from "./undo.ts";
import { logWrite } from "./write-log.ts";

/** Limit of the stored text: every backend accepts it, and parsing it does not block the process noticeably. */
export const MAX_RECORD_CHARACTERS = 2_000_000;

/** Half a record. A hundred changes of a thousand agents each take less than half of it. */
const MAX_HISTORY_CHARACTERS = 1_000_000;

/** Reserve for the other fields of the record, and for colons that the Keyv envelope doubles. */
const MARGIN_CHARACTERS = 100_000;

/** One change to write. */
export interface Change {
  readonly version: number;
  readonly writeId: string;
  readonly settings: SystemSettings;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string | null;
  readonly reason: string | null;
  /** Length of the history. */
  readonly historyLimit: number;
}

/** The record after a change. Unknown fields of the previous record are kept. */
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

/** Encodes a record as the text to store. */
export function encodeRecord(record: SettingsRecord): string {
  return toKeyvEnvelope(record);
}
