import type { WriteOff } from "../contract/ledger.ts";
import { KEEP_ENDED_WINDOW_MS } from "../contract/retention.ts";
import { KEPT_WRITE_OFFS } from "../contract/state-engine.ts";
import type { LedgerRows, ReservationPart, ReservationRow, WindowRow } from "../ledger/ledger-rows.ts";

/** This many settled ids are remembered: in one process a second settle follows the first one soon. */
const REMEMBERED = 25_000;

const SWEEP_EVERY_MS = 60_000;

const NONE_DUE: readonly never[] = [];

/** The rows of a ledger in memory. */
export interface MemoryLedgerRows extends LedgerRows {
  /** The keys of all windows. */
  keys(): Iterable<string>;
  /** The newest first. */
  writeOffs(): readonly WriteOff[];
}

/** Creates the rows of a ledger in memory. */
export function createMemoryLedgerRows(): MemoryLedgerRows {
  const windows = new Map<string, WindowRow>();
  const writeOffs: WriteOff[] = [];
  const reservations = new Map<string, ReservationRow>();
  /** When the leases of held ones end, and when expired ones are forgotten. */
  const held = new Map<string, number>();
  const expired = new Map<string, number>();
  /** The settled and waiting ids, the oldest at `oldest`: finding it among the keys of a Map is slow. */
  const remembered: string[] = [];
  let oldest = 0;
  /** No later than the first end of a lease. */
  let nextLeaseEndEpochMs = Number.POSITIVE_INFINITY;
  let nextSweepEpochMs = 0;

  function sweep(nowEpochMs: number): void {
    if (nowEpochMs < nextSweepEpochMs) return;
    nextSweepEpochMs = nowEpochMs + SWEEP_EVERY_MS;
    for (const [key, { endEpochMs }] of windows) {
      if (endEpochMs !== null && endEpochMs + KEEP_ENDED_WINDOW_MS < nowEpochMs) windows.delete(key);
    }
    for (const [id, untilEpochMs] of expired) {
      if (untilEpochMs > nowEpochMs) continue;
      expired.delete(id);
      reservations.delete(id);
    }
  }

  function remember(id: string): void {
    const forgotten = remembered[oldest];
    if (forgotten !== undefined) reservations.delete(forgotten);
    remembered[oldest] = id;
    oldest = (oldest + 1) % REMEMBERED;
  }

  return {
    keys: () => windows.keys(),
    writeOffs: () => writeOffs,
    addWriteOff(writeOff) {
      writeOffs.unshift(writeOff);
      writeOffs.splice(KEPT_WRITE_OFFS);
    },
    window: (key) => windows.get(key),
    saveWindow: (key, row) => void windows.set(key, row),
    reservation: (id) => reservations.get(id),
    saveReservation(id, row, untilEpochMs) {
      if (row.state === "held") {
        held.set(id, untilEpochMs);
        nextLeaseEndEpochMs = Math.min(nextLeaseEndEpochMs, untilEpochMs);
      } else {
        held.delete(id);
        if (row.state === "expired") expired.set(id, untilEpochMs);
        else {
          if (expired.size > 0) expired.delete(id);
          // A waiting one is remembered already.
          if (reservations.get(id)?.state !== "waiting") remember(id);
        }
      }
      reservations.set(id, row);
    },
    takeDue(nowEpochMs) {
      sweep(nowEpochMs);
      if (nowEpochMs < nextLeaseEndEpochMs) return NONE_DUE;
      nextLeaseEndEpochMs = Number.POSITIVE_INFINITY;
      const due: [string, readonly ReservationPart[]][] = [];
      for (const [id, untilEpochMs] of held) {
        const row = reservations.get(id);
        if (untilEpochMs > nowEpochMs) nextLeaseEndEpochMs = Math.min(nextLeaseEndEpochMs, untilEpochMs);
        else if (row?.state === "held") due.push([id, row.parts]);
      }
      return due;
    },
  };
}
