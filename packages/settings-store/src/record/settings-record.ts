import type { JsonObject, SystemSettings } from "@babylon/llm-core";

/** The version of the record's own shape. A record with a higher one is left alone. */
export const RECORD_SCHEMA = 1;

/** One committed change, as the record keeps it. */
export interface HistoryRow {
  /** The version that the change made. */
  readonly version: number;
  readonly writeId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string | null;
  readonly reason: string | null;
  /** The merge patch that leads from this version's settings back to those of the version before. */
  readonly undo: JsonObject;
}

/** What is stored: the settings and how they came to be, in one value, so that one compare-and-set covers all of it. */
export interface SettingsRecord {
  readonly id: "system";
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
  /** Newest first, bounded. */
  readonly history: readonly HistoryRow[];
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
  };
}
