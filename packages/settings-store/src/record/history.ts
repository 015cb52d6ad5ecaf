import type { JsonObject, SystemSettings } from "@babylon/llm-core";
import { diffMergePatch } from "../schema/merge-patch.ts";
import { parseStoredSettings } from "../schema/parse-settings.ts";
import { rethrowAsCorrupt } from "./corrupt-record.ts";
import { rowsOf } from "./history-rows.ts";
import type { SettingsRecord } from "./settings-record.ts";
import { revert } from "./undo.ts";

/** One committed change. */
export interface HistoryEntry {
  /** The version that the change made. */
  readonly version: number;
  readonly writeId: string;
  /** ISO 8601. */
  readonly at: string;
  /** Who did it, as `update` was told. */
  readonly by: string | null;
  readonly reason: string | null;
  /** The merge patch that leads from the version before to this one. */
  readonly patch: JsonObject;
  /** The settings as this version had them. What two versions have in common is the same object. */
  readonly settings: SystemSettings;
}

/**
 * The changes that a record remembers, newest first, `limit` of them at most; older rows are not unpacked. Rejects with `corrupt` for
 * a row that leads to no settings.
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
 * The settings as a version had them; `undefined` when the record does not reach back that far. Rejects with `corrupt` for a row that
 * leads to no settings.
 */
export async function settingsAt(record: SettingsRecord, version: number): Promise<SystemSettings | undefined> {
  let { settings, version: reached } = record;
  if (version === reached) return settings;
  for await (const row of rowsOf(record)) {
    // The row before has led back to the settings that this row's change made.
    if (row.version <= version) return row.version === version ? parseBefore(settings) : undefined;
    const after = settings;
    settings = rethrowAsCorrupt(() => revert(after, row));
    reached = row.version - 1;
  }
  return reached === version ? parseBefore(settings) : undefined;
}

const parseBefore = (settings: SystemSettings) => rethrowAsCorrupt(() => parseStoredSettings(settings, "history"));
