import type { JsonObject, SystemSettings } from "@babylon/llm-core";
import { diffMergePatch } from "../schema/merge-patch.ts";
import { parseStoredSettings } from "../schema/parse-settings.ts";
import { rethrowAsCorrupt } from "./corrupt-record.ts";
import { rowsOf } from "./history-rows.ts";
import type { SettingsRecord } from "./settings-record.ts";
import { revert } from "./undo.ts";

/** One committed change. */
export interface HistoryEntry {
  /** The version that the change created. */
  readonly version: number;
  readonly writeId: string;
  /** ISO 8601. */
  readonly at: string;
  /** The `actor` of the update. */
  readonly by: string | null;
  readonly reason: string | null;
  /** The merge patch from the previous version to this one. */
  readonly patch: JsonObject;
  /** The settings of this version. Equal parts of two versions are the same object. */
  readonly settings: SystemSettings;
}

/**
 * The history of a record, newest first, at most `limit` entries; older rows are not unpacked. Rejects with `corrupt` for an invalid row.
 */
export async function listHistory(record: SettingsRecord, limit: number = Infinity): Promise<readonly HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  let settings = record.settings;
  for await (const { undo, nulls, ...row } of rowsOf(record)) {
    const after = settings;
    settings = rethrowAsCorrupt(() => revert(after, { undo, nulls }));
    entries.push({ ...row, patch: diffMergePatch(settings, after), settings: after });
    if (entries.length === limit) break;
  }
  return entries;
}

/**
 * The settings of a version; `undefined` when the history does not contain it. Rejects with `corrupt` for an invalid row.
 */
export async function settingsAt(record: SettingsRecord, version: number): Promise<SystemSettings | undefined> {
  let { settings, version: revertedTo } = record;
  if (version === revertedTo) return settings;
  for await (const row of rowsOf(record)) {
    // The previous rows were reverted, so these are the settings of this row's version.
    if (row.version <= version) return row.version === version ? parseBefore(settings) : undefined;
    const after = settings;
    settings = rethrowAsCorrupt(() => revert(after, row));
    revertedTo = row.version - 1;
  }
  return revertedTo === version ? parseBefore(settings) : undefined;
}

const parseBefore = (settings: SystemSettings) => rethrowAsCorrupt(() => parseStoredSettings(settings, "history"));
