import type { ScopeSums, SettledAmounts, WriteOff } from "../contract/ledger.ts";

/** A stored window. */
export interface WindowRow extends ScopeSums {
  readonly endEpochMs: number | null;
  /** The largest sums that were handed in since the store was created; they are part of `spent` and `presumed`. */
  readonly restoredSpent: number;
  readonly restoredPresumed: number;
}

/** What a reservation holds, or held, in one window. */
export interface ReservationPart {
  readonly key: string;
  readonly amount: number;
}

/**
 * A stored reservation. `held`: until its lease ends. `expired`: its lease ended, and what it held is presumed. `settled`: remembered, so
 * that it is not settled twice. `waiting`: settled before it was reserved.
 */
export type ReservationRow =
  | { readonly state: "held" | "expired"; readonly parts: readonly ReservationPart[] }
  | { readonly state: "settled" }
  | { readonly state: "waiting"; readonly amounts: SettledAmounts };

/** The rows of a ledger, inside a transaction. Synchronous. */
export interface LedgerRows {
  window(key: string): WindowRow | undefined;
  saveWindow(key: string, row: WindowRow): void;
  reservation(id: string): ReservationRow | undefined;
  /** @param untilEpochMs - the end of the lease of a held one, else when it is forgotten */
  saveReservation(id: string, row: ReservationRow, untilEpochMs: number): void;
  /** Adds to the list of write-offs, of which the latest are kept. */
  addWriteOff(writeOff: WriteOff): void;
  /** The held reservations whose lease has ended, and what is to be forgotten is. */
  takeDue(nowEpochMs: number): readonly (readonly [id: string, parts: readonly ReservationPart[]])[];
}
