import type { SettingsSnapshot, SystemSettings } from "@babylon/llm-core";
import type { SettingsRecord } from "../record/settings-record.ts";
import { deepFreeze } from "./deep-freeze.ts";

/**
 * Where a snapshot comes from. `stored`: the backend. `defaults`: the backend holds nothing, or was not available (`version` is `null`).
 * `last-known-good`: the file that an earlier process saved.
 */
export type SnapshotSource = "stored" | "defaults" | "last-known-good";

/** The settings of one version. Deeply frozen; the same object until the value changes. */
export interface StoreSnapshot extends SettingsSnapshot {
  readonly value: SystemSettings;
  /** The number of committed changes. 0: nothing is stored yet; `null`: unknown, because the backend is not available. */
  readonly version: number | null;
  /** ISO 8601; `null` before the first change. */
  readonly updatedAt: string | null;
  /** The `actor` of the last change. */
  readonly updatedBy: string | null;
  readonly source: SnapshotSource;
  /** When this process loaded this value first, ISO 8601. */
  readonly loadedAt: string;
  /** Whether the backend confirmed this value within the TTL and no change was announced since. */
  readonly fresh: boolean;
  /** Milliseconds since the backend last confirmed it. */
  readonly ageMs: number;
}

/** The properties of a snapshot that change over time, computed at each access. */
export interface SnapshotAge {
  isFresh(): boolean;
  ageMs(): number;
}

/** Input of {@link createSnapshot}. */
export interface SnapshotInit {
  readonly record: SettingsRecord;
  readonly source: SnapshotSource;
  /** Whether the record, or its absence, was read from the backend. */
  readonly confirmed: boolean;
  readonly loadedAt: string;
  readonly age: SnapshotAge;
}

/** Creates the snapshot of a record. */
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
