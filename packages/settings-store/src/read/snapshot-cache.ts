import type { Clock } from "@babylon/llm-core";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { SettingsRecord } from "../record/settings-record.ts";
import { isEqual } from "../schema/merge-patch.ts";
import { createSnapshot, type SnapshotSource, type StoreSnapshot } from "./snapshot.ts";

/** A record that the process holds. */
export interface CachedSnapshot {
  readonly record: SettingsRecord;
  readonly source: SnapshotSource;
  readonly snapshot: StoreSnapshot;
  /** Resolved with the snapshot: awaiting the same promise again costs less than making one. */
  readonly promise: Promise<StoreSnapshot>;
}

/** Told when another value is readable. */
export type OnChange = (held: CachedSnapshot, previous: CachedSnapshot | undefined) => void;

/** The one place where the process keeps the settings, and how far they can be trusted. */
export interface SnapshotCache {
  current(): CachedSnapshot | undefined;
  /** What may be handed out without asking anyone. */
  servable(): CachedSnapshot | undefined;
  isFresh(): boolean;
  /** Puts in what the backend holds; the same record again only confirms the snapshot that is there. */
  confirm(record: SettingsRecord, source: "stored" | "defaults"): CachedSnapshot;
  /** The snapshot of a record that was stored: the one that is held, or one beside it where a newer record came in already. */
  snapshotOf(record: SettingsRecord): StoreSnapshot;
  /** Puts in what has to do while the backend cannot be asked. */
  useFallback(record: SettingsRecord, source: "last-known-good" | "defaults", ageMs: number): void;
  /** What is held is to be confirmed before it is handed out again. */
  expire(): void;
  /** Lets readers have what is held although it is not fresh: there is nothing better to be had now. */
  serveStale(): void;
}

interface Entry {
  readonly held: CachedSnapshot;
  confirmedAt: number;
}

/** @param ttlMs - how long a confirmation lasts; 0: not at all, `Infinity`: until something is announced */
export function createSnapshotCache(ttlMs: number, clock: Clock, onChange: OnChange): SnapshotCache {
  let current: Entry | undefined;
  let atHand: CachedSnapshot | undefined;
  let fresh = false;
  let cancelExpiry = () => {};

  function expire(): void {
    cancelExpiry();
    fresh = false;
    atHand = undefined;
  }

  /** A timer looks at the clock, so that `peek` does not have to: a look costs 80 ns. */
  function confirm(entry: Entry): void {
    cancelExpiry();
    entry.confirmedAt = clock.monotonic();
    fresh = true;
    atHand = ttlMs === 0 ? undefined : entry.held;
    cancelExpiry = ttlMs === 0 || ttlMs === Infinity ? () => {} : startBackgroundTimer(clock, ttlMs, expire);
  }

  function createEntry(record: SettingsRecord, source: SnapshotSource, confirmed: boolean): Entry {
    const age = {
      isFresh: () => fresh && current === entry,
      ageMs: () => clock.monotonic() - entry.confirmedAt,
    };
    const loadedAt = new Date(clock.now()).toISOString();
    const snapshot = createSnapshot({ record, source, confirmed, loadedAt, age });
    const entry: Entry = {
      held: { record, source, snapshot, promise: Promise.resolve(snapshot) },
      confirmedAt: clock.monotonic(),
    };
    return entry;
  }

  return {
    current: () => current?.held,
    servable: () => atHand,
    isFresh: () => fresh,
    confirm(record, source) {
      if (current !== undefined && isSame(current.held, record, source)) {
        confirm(current);
        return current.held;
      }
      const previous = current?.held;
      const entry = createEntry(record, source, true);
      current = entry;
      confirm(entry);
      onChange(entry.held, previous);
      return entry.held;
    },
    snapshotOf(record) {
      const held = current?.held;
      return held?.record.writeId === record.writeId
        ? held.snapshot
        : createEntry(record, "stored", true).held.snapshot;
    },
    useFallback(record, source, ageMs) {
      const previous = current?.held;
      current = createEntry(record, source, false);
      current.confirmedAt -= ageMs;
      expire();
      onChange(current.held, previous);
    },
    expire,
    serveStale() {
      atHand = current?.held;
    },
  };
}

function isSame(
  { record: held, source, snapshot }: CachedSnapshot,
  record: SettingsRecord,
  from: SnapshotSource,
): boolean {
  if (source !== from || snapshot.version !== record.version || held.writeId !== record.writeId) return false;
  return isEqual(held.settings, record.settings);
}
