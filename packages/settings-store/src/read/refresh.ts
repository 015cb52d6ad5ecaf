import type { Clock } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { decodeRecord } from "../record/decode-record.ts";
import type { SettingsRecord } from "../record/settings-record.ts";
import type { SnapshotCache } from "./snapshot-cache.ts";

/** What refreshing needs. */
export interface RefreshOptions {
  readonly read: () => Promise<string | undefined>;
  /** Reads as much of the stored text as holds the id of its write; `null` where that costs the same. */
  readonly readHead: (() => Promise<string | undefined>) | null;
  readonly cell: SnapshotCache;
  readonly clock: Clock;
  /** The record that stands for a store where nothing is stored. */
  readonly empty: SettingsRecord;
}

/** Brings what the backend holds into the cell, and never lets an older answer overtake a newer one. */
export interface Refresh {
  /** Reads until the answer is not older than anything that was announced meanwhile. */
  perform(): Promise<void>;
  /** Whether the same write is stored that is held, as far as the backend says so. Never rejects. */
  isUnchanged(): Promise<boolean>;
  /** A version is known to exist. Returns whether that is news. */
  announce(version: number): boolean;
  /** Something may have changed; answers to questions asked before now do not count. */
  invalidate(): void;
  /** Takes in what a writer read; an older answer than what is held is left aside. */
  offer(record: SettingsRecord): void;
}

/** Announced versions that never appear (a server lost them, or a message lied) must not keep the process reading. */
const MAX_ROUNDS = 4;

/**
 * How long a version below the held one must stay before it is believed, milliseconds. It can be a restored backup or a failover that
 * lost writes, which is the truth from now on, or a replica that lags, which is not.
 */
const REGRESSION_GRACE_MS = 2_000;

export function createRefresh({ read, readHead, cell, clock, empty }: RefreshOptions): Refresh {
  let generation = 0;
  let wanted = 0;
  let suspect: { readonly writeId: string; readonly since: number } | undefined;

  const heldVersion = (): number => cell.current()?.record.version ?? -1;

  /** Whether a record below the held one has stayed long enough. */
  function isBelieved({ writeId }: SettingsRecord): boolean {
    if (suspect?.writeId !== writeId) suspect = { writeId, since: clock.monotonic() };
    return clock.monotonic() - suspect.since >= REGRESSION_GRACE_MS;
  }

  function put(record: SettingsRecord | undefined, heldBefore: ReturnType<SnapshotCache["current"]>): void {
    const held = cell.current();
    // A write of this process went in while the question was on its way; it knows better.
    if (held !== heldBefore) return;
    const known = held !== undefined && held.source !== "defaults" ? held.record : undefined;
    if (record === undefined) {
      if (known !== undefined) throw gone(known.version);
      cell.confirm(empty, "defaults");
      return;
    }
    if (known !== undefined && record.version < known.version && !isBelieved(record)) throw older(record, known);
    suspect = undefined;
    cell.confirm(record, "stored");
  }

  return {
    async perform() {
      for (let round = 1; ; round++) {
        const before = generation;
        const heldBefore = cell.current();
        const raw = await read();
        put(raw === undefined ? undefined : decodeRecord(raw), heldBefore);
        const isCurrent = generation === before && heldVersion() >= wanted;
        if (isCurrent) return;
        if (round === MAX_ROUNDS) break;
        cell.expire();
      }
      wanted = 0;
    },
    async isUnchanged() {
      const before = cell.current();
      if (readHead === null || before?.source !== "stored" || wanted > before.record.version) return false;
      const head = await readHead().catch(() => undefined);
      return head !== undefined && writeIdIn(head) === before.record.writeId && cell.current() === before;
    },
    announce(version) {
      if (version <= heldVersion()) return false;
      wanted = Math.max(wanted, version);
      cell.expire();
      return true;
    },
    invalidate() {
      generation += 1;
      cell.expire();
    },
    offer(record) {
      if (record.version < heldVersion()) return;
      cell.confirm(record, "stored");
    },
  };
}

/** The id of the write that made a record, which stands before anything of the settings; `undefined` where there is none. */
function writeIdIn(head: string): string | undefined {
  return /"writeId":"([^"]+)"/.exec(head)?.[1];
}

function gone(version: number): StorageError {
  return new StorageError({
    message: `the record is gone; version ${version} is still in use here, and the next update stores it again`,
    applied: "no",
  });
}

function older(record: SettingsRecord, held: SettingsRecord): StorageError {
  return new StorageError({
    message: `version ${record.version} is stored although version ${held.version} was seen before; waiting to see whether it stays`,
    applied: "no",
  });
}
