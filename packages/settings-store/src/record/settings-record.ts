import type { SystemSettings } from "@babylon/llm-core";
import type { HistoryRow } from "./history-row.ts";
import type { PackedRows } from "./pack-rows.ts";
import { EMPTY_WRITE_LOG, type WriteLog } from "./write-log.ts";

/**
 * The major version of the record's own shape. A record with a higher one is not touched. Within one, versions only add fields: one
 * that is not known is kept as it is, at every level, and written again.
 */
export const RECORD_SCHEMA = 1;

/** What is stored: the settings and how they came to be, in one value, so that one compare-and-set covers all of it. */
export interface SettingsRecord {
  readonly id: "system";
  /** A minor version may stand behind the point. */
  readonly schema: number;
  /** Counts committed changes. 0: nothing of ours was stored yet. */
  readonly version: number;
  /** Names the write that made this version; no two writes have the same. */
  readonly writeId: string;
  /** ISO 8601; `null` for a version 0 that was never stored. */
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
  readonly settings: SystemSettings;
  /** The latest changes, newest first, bounded. */
  readonly history: readonly HistoryRow[];
  /** The changes before those, newest first, where the rows are too long to be kept as they are. */
  readonly packed: readonly PackedRows[];
  /** The short ids of more writes than the history has. */
  readonly writes: WriteLog;
}

/** The record before the first change. */
export function emptyRecord(settings: SystemSettings): SettingsRecord {
  return {
    id: "system",
    schema: RECORD_SCHEMA,
    version: 0,
    writeId: "",
    createdAt: null,
    updatedAt: null,
    updatedBy: null,
    settings,
    history: [],
    packed: [],
    writes: EMPTY_WRITE_LOG,
  };
}
