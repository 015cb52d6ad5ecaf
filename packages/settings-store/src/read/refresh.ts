import type { Clock } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { decodeRecord } from "../record/decode-record.ts";
import type { SettingsRecord } from "../record/settings-record.ts";
import type { SnapshotCache } from "./snapshot-cache.ts";

/** Input of {@link createRefresh}. */
export interface RefreshOptions {
  readonly read: () => Promise<string | undefined>;
  /** Reads the beginning of the stored text, which contains its write id; `null` where that costs as much as a whole read. */
  readonly readHead: (() => Promise<string | undefined>) | null;
  readonly cache: SnapshotCache;
  readonly clock: Clock;
  /** The record to use when nothing is stored. */
  readonly empty: SettingsRecord;
}

/** Puts what the backend holds into the cache. An older result never replaces a newer one. */
export interface Refresh {
  /** Reads until the result is at least as new as every version announced meanwhile. */
  perform(): Promise<void>;
  /** Whether the stored record is the cached one, judged by the write id. Never rejects. */
  isUnchanged(): Promise<boolean>;
  /** A version was announced. Returns whether it is newer than the cached one. */
  announce(version: number): boolean;
  /** Something may have changed: results of reads that started before this call do not count. */
  invalidate(): void;
  /** Caches a record that a writer read, unless the cached one is newer. */
  offer(record: SettingsRecord): void;
}

/** Limit of reads per refresh: an announced version that never appears must not cause endless reads. */
const MAX_ROUNDS = 4;

/**
 * How long a version below the cached one must stay stored before it is accepted, milliseconds. It may be a restored backup or a failover
 * that lost writes, and then it is the valid record; or a lagging replica, and then it is not.
 */
const REGRESSION_GRACE_MS = 2_000;

export function createRefresh({ read, readHead, cache, clock, empty }: RefreshOptions): Refresh {
  let generation = 0;
  let announcedVersion = 0;
  let regression: { readonly writeId: string; readonly sinceMono: number } | undefined;

  const cachedVersion = (): number => cache.current()?.record.version ?? -1;

  /** Whether a record with a lower version has been stored for long enough. */
  function isLastingRegression({ writeId }: SettingsRecord): boolean {
    if (regression?.writeId !== writeId) regression = { writeId, sinceMono: clock.monotonic() };
    return clock.monotonic() - regression.sinceMono >= REGRESSION_GRACE_MS;
  }

  function put(record: SettingsRecord | undefined, cachedBeforeRead: ReturnType<SnapshotCache["current"]>): void {
    const cached = cache.current();
    // A write of this process changed the cache during the read, so the result may be older.
    if (cached !== cachedBeforeRead) return;
    const known = cached !== undefined && cached.source !== "defaults" ? cached.record : undefined;
    if (record === undefined) {
      if (known !== undefined) throw missingRecord(known.version);
      cache.confirm(empty, "defaults");
      return;
    }
    if (known !== undefined && record.version < known.version && !isLastingRegression(record))
      throw olderRecord(record, known);
    regression = undefined;
    cache.confirm(record, "stored");
  }

  return {
    async perform() {
      for (let round = 1; ; round++) {
        const generationBefore = generation;
        const cachedBefore = cache.current();
        const raw = await read();
        put(raw === undefined ? undefined : decodeRecord(raw), cachedBefore);
        const isCurrent = generation === generationBefore && cachedVersion() >= announcedVersion;
        if (isCurrent) return;
        if (round === MAX_ROUNDS) break;
        cache.expire();
      }
      announcedVersion = 0;
    },
    async isUnchanged() {
      const before = cache.current();
      if (readHead === null || before?.source !== "stored" || announcedVersion > before.record.version) return false;
      const head = await readHead().catch(() => undefined);
      return head !== undefined && writeIdIn(head) === before.record.writeId && cache.current() === before;
    },
    announce(version) {
      if (version <= cachedVersion()) return false;
      announcedVersion = Math.max(announcedVersion, version);
      cache.expire();
      return true;
    },
    invalidate() {
      generation += 1;
      cache.expire();
    },
    offer(record) {
      if (record.version < cachedVersion()) return;
      cache.confirm(record, "stored");
    },
  };
}

/** The write id of a record, which precedes the settings in its text; `undefined` when the text has none. */
function writeIdIn(head: string): string | undefined {
  return /"writeId":"([^"]+)"/.exec(head)?.[1];
}

function missingRecord(version: number): StorageError {
  return new StorageError({
    message: `the record is gone; version ${version} is still in use here, and the next update stores it again`,
    applied: "no",
  });
}

function olderRecord(record: SettingsRecord, known: SettingsRecord): StorageError {
  return new StorageError({
    message: `version ${record.version} is stored although version ${known.version} was read before; it is accepted if it is still stored after ${REGRESSION_GRACE_MS} ms`,
    applied: "no",
  });
}
