import type { WriteOff } from "../contract/ledger.ts";
import { KEEP_ENDED_WINDOW_MS } from "../contract/retention.ts";
import { KEPT_WRITE_OFFS } from "../contract/state-engine.ts";
import type { LedgerRows, ReservationPart, ReservationRow, WindowRow } from "../ledger/ledger-rows.ts";

/** At least this many settled ids are remembered: in one process a second settle follows the first one soon. */
const REMEMBERED = 25_000;

const SWEEP_EVERY_MS = 60_000;

interface Stored<R> {
  readonly row: R;
  readonly untilEpochMs: number;
}

type Held = Extract<ReservationRow, { readonly state: "held" | "expired" }>;

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
  const held = new Map<string, Stored<Held>>();
  const expired = new Map<string, Stored<Held>>();
  /** Settled and waiting ids in two generations: removing the oldest entries of one Map is slow. */
  let young = new Map<string, ReservationRow>();
  let old = new Map<string, ReservationRow>();
  /** No later than the first end of a lease. */
  let nextLeaseEndEpochMs = Number.POSITIVE_INFINITY;
  let nextSweepEpochMs = 0;

  function sweep(nowEpochMs: number): void {
    if (nowEpochMs < nextSweepEpochMs) return;
    nextSweepEpochMs = nowEpochMs + SWEEP_EVERY_MS;
    for (const [key, { endEpochMs }] of windows) {
      if (endEpochMs !== null && endEpochMs + KEEP_ENDED_WINDOW_MS < nowEpochMs) windows.delete(key);
    }
    for (const [id, { untilEpochMs }] of expired) if (untilEpochMs <= nowEpochMs) expired.delete(id);
  }

  function remember(id: string, row: ReservationRow): void {
    if (young.size >= REMEMBERED) {
      old = young;
      young = new Map();
    }
    young.set(id, row);
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
    reservation: (id) => (held.get(id) ?? expired.get(id))?.row ?? young.get(id) ?? old.get(id),
    saveReservation(id, row, untilEpochMs) {
      if (row.state === "held") {
        held.set(id, { row, untilEpochMs });
        nextLeaseEndEpochMs = Math.min(nextLeaseEndEpochMs, untilEpochMs);
        return;
      }
      held.delete(id);
      expired.delete(id);
      if (row.state === "expired") expired.set(id, { row, untilEpochMs });
      else remember(id, row);
    },
    takeDue(nowEpochMs) {
      sweep(nowEpochMs);
      if (nowEpochMs < nextLeaseEndEpochMs) return [];
      nextLeaseEndEpochMs = Number.POSITIVE_INFINITY;
      const due: [string, readonly ReservationPart[]][] = [];
      for (const [id, { row, untilEpochMs }] of held) {
        if (untilEpochMs <= nowEpochMs) due.push([id, row.parts]);
        else nextLeaseEndEpochMs = Math.min(nextLeaseEndEpochMs, untilEpochMs);
      }
      return due;
    },
  };
}
