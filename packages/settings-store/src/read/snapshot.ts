import type { SettingsSnapshot, SystemSettings } from "@babylon/llm-core";
import type { SettingsRecord } from "../record/settings-record.ts";
import { deepFreeze } from "./deep-freeze.ts";

/**
 * Where a snapshot comes from: the backend; nothing was stored there (or it could not be asked, `version` null); or the file that
 * the process left behind when it last knew better.
 */
export type SnapshotSource = "stored" | "defaults" | "last-known-good";

/** The settings at one moment. Deeply frozen; the same object until the value changes. */
export interface StoreSnapshot extends SettingsSnapshot {
  readonly value: SystemSettings;
  /** Counts committed changes. 0: nothing is stored yet; `null`: the backend could not be asked. */
  readonly version: number | null;
  /** ISO 8601; `null` before the first change. */
  readonly updatedAt: string | null;
  /** Who made the last change, as `update` was told. */
  readonly updatedBy: string | null;
  readonly source: SnapshotSource;
  /** When this process first had this value, ISO 8601. */
  readonly loadedAt: string;
  /** Whether it is what the backend holds, as far as anyone can know: confirmed within the TTL and no change announced since. */
  readonly fresh: boolean;
  /** Milliseconds since the backend last confirmed it. */
  readonly ageMs: number;
}

/** What a snapshot cannot know by itself, asked at each look. */
export interface SnapshotAge {
  isFresh(): boolean;
  ageMs(): number;
}

/** What a snapshot is made of. */
export interface SnapshotInit {
  readonly record: SettingsRecord;
  readonly source: SnapshotSource;
  /** Whether the backend itself said so. */
  readonly confirmed: boolean;
  readonly loadedAt: string;
  readonly age: SnapshotAge;
}

/** A snapshot of a record. */
export function createSnapshot({ record, source, confirmed, loadedAt, age }: SnapshotInit): StoreSnapshot {
  return Object.freeze({
    value: deepFreeze(record.settings),
    version: source === "defaults" && !confirmed ? null : record.version,
    updatedAt: record.updatedAt,
    updatedBy: record.updatedBy,
    source,
    loadedAt,
    get fresh() {
      return age.isFresh();
    },
    get ageMs() {
      return age.ageMs();
    },
  });
}
