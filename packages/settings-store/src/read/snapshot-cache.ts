import type { Clock } from "@babylon/llm-core";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { SettingsRecord } from "../record/settings-record.ts";
import { isEqual } from "../schema/merge-patch.ts";
import { createSnapshot, type SnapshotSource, type StoreSnapshot } from "./snapshot.ts";

/** A record in the cache and its snapshot. */
export interface CachedSnapshot {
  readonly record: SettingsRecord;
  readonly source: SnapshotSource;
  readonly snapshot: StoreSnapshot;
  /** Resolved with the snapshot: returning the same promise again costs less than creating one. */
  readonly promise: Promise<StoreSnapshot>;
}

/** Called when the cache has another value. */
export type OnChange = (cached: CachedSnapshot, previous: CachedSnapshot | undefined) => void;

/** The process's only copy of the settings, and whether it is fresh. */
export interface SnapshotCache {
  /** The cached value, fresh or stale. */
  current(): CachedSnapshot | undefined;
  /** The cached value if a read may return it without a load. */
  servable(): CachedSnapshot | undefined;
  isFresh(): boolean;
  /** Stores what the backend holds and marks it fresh. The same record again keeps its snapshot. */
  confirm(record: SettingsRecord, source: "stored" | "defaults"): CachedSnapshot;
  /** The snapshot of a stored record: the cached one, or a separate one when the cache has a newer record already. */
  snapshotOf(record: SettingsRecord): StoreSnapshot;
  /** Stores a stale value that is used while the backend is unavailable. */
  useFallback(record: SettingsRecord, source: "last-known-good" | "defaults", ageMs: number): void;
  /** Marks the cached value stale: it is not servable until a load confirms it or `serveStale` is called. */
  expire(): void;
  /** Makes the stale value servable, because a load is slow or failed. */
  serveStale(): void;
}

interface Entry {
  readonly cached: CachedSnapshot;
  confirmedAtMono: number;
}

/** @param ttlMs - how long a confirmed value stays fresh; 0: not at all; `Infinity`: until a change is announced */
export function createSnapshotCache(ttlMs: number, clock: Clock, onChange: OnChange): SnapshotCache {
  let entry: Entry | undefined;
  let servable: CachedSnapshot | undefined;
  let fresh = false;
  let cancelExpiry = () => {};

  function expire(): void {
    cancelExpiry();
    fresh = false;
    servable = undefined;
  }

  /** A timer expires the value, so that `peek` does not read the clock, which costs 80 ns. */
  function markFresh(confirmed: Entry): void {
    cancelExpiry();
    confirmed.confirmedAtMono = clock.monotonic();
    fresh = true;
    servable = ttlMs === 0 ? undefined : confirmed.cached;
    cancelExpiry = ttlMs === 0 || ttlMs === Infinity ? () => {} : startBackgroundTimer(clock, ttlMs, expire);
  }

  function createEntry(record: SettingsRecord, source: SnapshotSource, confirmed: boolean): Entry {
    const age = {
      isFresh: () => fresh && entry === created,
      ageMs: () => clock.monotonic() - created.confirmedAtMono,
    };
    const loadedAt = new Date(clock.now()).toISOString();
    const snapshot = createSnapshot({ record, source, confirmed, loadedAt, age });
    const created: Entry = {
      cached: { record, source, snapshot, promise: Promise.resolve(snapshot) },
      confirmedAtMono: clock.monotonic(),
    };
    return created;
  }

  return {
    current: () => entry?.cached,
    servable: () => servable,
    isFresh: () => fresh,
    confirm(record, source) {
      if (entry !== undefined && isSame(entry.cached, record, source)) {
        markFresh(entry);
        return entry.cached;
      }
      const previous = entry?.cached;
      const created = createEntry(record, source, true);
      entry = created;
      markFresh(created);
      onChange(created.cached, previous);
      return created.cached;
    },
    snapshotOf(record) {
      const cached = entry?.cached;
      return cached?.record.writeId === record.writeId
        ? cached.snapshot
        : createEntry(record, "stored", true).cached.snapshot;
    },
    useFallback(record, source, ageMs) {
      const previous = entry?.cached;
      entry = createEntry(record, source, false);
      entry.confirmedAtMono -= ageMs;
      expire();
      onChange(entry.cached, previous);
    },
    expire,
    serveStale() {
      servable = entry?.cached;
    },
  };
}

function isSame(cached: CachedSnapshot, record: SettingsRecord, source: SnapshotSource): boolean {
  if (cached.source !== source || cached.snapshot.version !== record.version) return false;
  return cached.record.writeId === record.writeId && isEqual(cached.record.settings, record.settings);
}
