import type { SystemSettings } from "@babylon/llm-core";
import type { SettingsPatch } from "@babylon/settings-store/patch";

/** One saved change. */
export interface HistoryItem {
  /** The version that the change made. */
  readonly version: number;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string | null;
  readonly reason: string | null;
  /** The merge patch that leads from the version before to this one. */
  readonly patch: SettingsPatch;
  /** The settings of this version. */
  readonly settings: SystemSettings;
}

/** The reply of `GET …/history`, newest first: all that are kept, or with `?limit=` the latest of them. */
export interface HistoryData {
  readonly version: number | null;
  readonly entries: readonly HistoryItem[];
}

/** The body of `POST …/rollback`: the version to restore, as a new version. */
export interface RollbackBody {
  readonly version: number;
  readonly expectedVersion?: number | undefined;
  readonly force?: boolean | undefined;
}
