import type { JsonObject, SystemSettings } from "@babylon/llm-core";
import { applyMergePatch, diffMergePatch } from "../merge-patch.ts";
import { parseSettings } from "../parse-settings.ts";
import type { SettingsRecord } from "./settings-record.ts";

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
  /** The settings as this version had them. */
  readonly settings: SystemSettings;
}

/** The changes that a record remembers, newest first. */
export function listHistory(record: SettingsRecord): readonly HistoryEntry[] {
  let settings = record.settings;
  return record.history.map(({ undo, ...row }) => {
    const after = settings;
    settings = parseSettings(applyMergePatch(after, undo), "history");
    return { ...row, patch: diffMergePatch(settings, after), settings: after };
  });
}

/** The settings as a version had them; `undefined` when the record does not reach back that far. */
export function settingsAt(record: SettingsRecord, version: number): SystemSettings | undefined {
  if (version === record.version) return record.settings;
  let settings = record.settings;
  for (const row of record.history) {
    settings = parseSettings(applyMergePatch(settings, row.undo), "history");
    const before = record.history[record.history.indexOf(row) + 1]?.version ?? row.version - 1;
    if (before === version) return settings;
  }
  return undefined;
}
