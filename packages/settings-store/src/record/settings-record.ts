import type { SystemSettings } from "@babylon/llm-core";
import type { HistoryRow } from "./history-row.ts";
import type { PackedRows } from "./pack-rows.ts";
import { EMPTY_WRITE_LOG, type WriteLog } from "./write-log.ts";

/**
 * The major version of the record's schema. A record with a higher one is not read or written. Minor versions only add fields; unknown
 * fields are kept at every level and written again.
 */
export const RECORD_SCHEMA = 1;

/** The stored value: the settings and their history, so that one compare-and-set covers both. */
export interface SettingsRecord {
  readonly id: "system";
  /** The schema version; its decimals are a minor version. */
  readonly schema: number;
  /** The number of committed changes. 0: no record was stored yet. */
  readonly version: number;
  /** The unique id of the write that created this version. */
  readonly writeId: string;
  /** ISO 8601; `null` for a version 0 that was never stored. */
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
  readonly settings: SystemSettings;
  /** The latest changes, newest first. */
  readonly history: readonly HistoryRow[];
  /** Older changes, newest first, compressed when the rows are long. */
  readonly packed: readonly PackedRows[];
  /** Short ids of the latest writes, further back than the history. */
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
