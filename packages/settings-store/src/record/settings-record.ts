import { isRecord, type JsonObject, type SystemSettings } from "@babylon/llm-core";
import * as v from "valibot";
import type { PackedRows } from "./pack-rows.ts";
import { EMPTY_WRITE_LOG, type WriteLog } from "./write-log.ts";

/**
 * The major version of the record's own shape. A record with a higher one is not touched. Within one, versions only add fields: one
 * that is not known is kept as it is, at every level, and written again.
 */
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
  /** Where the settings of the version before hold `null`, which a merge patch cannot say. Absent: nowhere else. */
  readonly nulls?: JsonObject | undefined;
}

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

const textOrNull = v.nullable(v.string());

export const versionSchema: v.GenericSchema<unknown, number> = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** A row, with whatever a newer version has added to it. */
export const historyRowSchema: v.GenericSchema<unknown, HistoryRow> = v.looseObject({
  version: versionSchema,
  writeId: v.string(),
  at: v.string(),
  by: textOrNull,
  reason: textOrNull,
  undo: v.custom<JsonObject>(isRecord),
  nulls: v.optional(v.custom<JsonObject>(isRecord)),
});

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
