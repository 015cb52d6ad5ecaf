import type { ScopeSums, SettledAmounts } from "../contract/ledger.ts";
import { KEEP_EXPIRED_MS, KEEP_JOURNALED_MS, KEEP_SETTLED_MS } from "../contract/retention.ts";
import type {
  EngineEnd,
  HoldInput,
  HoldReply,
  HoldScope,
  SettleInput,
  SettleScope,
  Stamp,
  SumsReply,
  WriteOffInput,
} from "../contract/state-engine.ts";
import type { LedgerRows, WindowRow } from "./ledger-rows.ts";

/** The operations of a ledger on rows. Each has to run in a transaction of its own, and needs the time and epoch of the store. */
export interface LedgerOnRows {
  reserve(rows: LedgerRows, stamp: Stamp, input: HoldInput): HoldReply;
  settle(rows: LedgerRows, stamp: Stamp, input: SettleInput): SumsReply;
  sums(rows: LedgerRows, stamp: Stamp, keys: readonly string[]): SumsReply;
  writeOff(rows: LedgerRows, stamp: Stamp, input: WriteOffInput): SumsReply;
  restore(rows: LedgerRows, stamp: Stamp, scopes: readonly SettleScope[]): SumsReply;
}

const NO_SUMS: ScopeSums = { spent: 0, presumed: 0, held: 0 };

/** The end of a window that is created now. */
const endOf = ({ endEpochMs, endsInMs }: EngineEnd, nowEpochMs: number): number | null =>
  endEpochMs ?? (endsInMs === null ? null : nowEpochMs + endsInMs);

/** The window of a key, or a new one. */
function openWindow(rows: LedgerRows, key: string, end: EngineEnd, nowEpochMs: number): WindowRow {
  const known = rows.window(key);
  if (known !== undefined) return known;
  return { ...NO_SUMS, endEpochMs: endOf(end, nowEpochMs), restoredSpent: 0, restoredPresumed: 0 };
}

const addTo = (row: WindowRow, { spent, presumed }: SettledAmounts): WindowRow => ({
  ...row,
  spent: row.spent + spent,
  presumed: row.presumed + presumed,
});

/** A window without a hold, or without what was presumed for it; an operator may have written that off since. */
const removeFrom = (row: WindowRow, state: "held" | "expired", amount: number): WindowRow =>
  state === "held" ? { ...row, held: row.held - amount } : { ...row, presumed: Math.max(0, row.presumed - amount) };

function expireLeases(rows: LedgerRows, nowEpochMs: number): void {
  for (const [id, parts] of rows.takeDue(nowEpochMs)) {
    for (const { key, amount } of parts) {
      const row = rows.window(key);
      if (row !== undefined) rows.saveWindow(key, { ...row, held: row.held - amount, presumed: row.presumed + amount });
    }
    rows.saveReservation(id, { state: "expired", parts }, nowEpochMs + KEEP_EXPIRED_MS);
  }
}

function toReply(rows: LedgerRows, { nowEpochMs, epoch }: Stamp, keys: readonly string[]): SumsReply {
  const windows = keys.map((key) => {
    const { spent, presumed, held, endEpochMs } = rows.window(key) ?? { ...NO_SUMS, endEpochMs: null };
    return { key, spent, presumed, held, endEpochMs };
  });
  return { nowEpochMs, epoch, windows };
}

const keysOf = (scopes: readonly { readonly key: string }[]): readonly string[] => scopes.map(({ key }) => key);

function isOutside({ startEpochMs, endEpochMs }: HoldScope, nowEpochMs: number): boolean {
  return startEpochMs !== null && endEpochMs !== null && (nowEpochMs < startEpochMs || nowEpochMs >= endEpochMs);
}

/** Whether the id was reserved or settled before, so that nothing more is held. */
function isKnown(rows: LedgerRows, nowEpochMs: number, { id, scopes }: HoldInput): boolean {
  const known = rows.reservation(id);
  if (known === undefined) return false;
  if (known.state !== "waiting") return true;
  for (const scope of scopes) {
    rows.saveWindow(scope.key, addTo(openWindow(rows, scope.key, scope, nowEpochMs), known.amounts));
  }
  rows.saveReservation(id, { state: "settled" }, nowEpochMs + KEEP_SETTLED_MS);
  return true;
}

/** The operations of a ledger on rows. */
export const ledgerOnRows: LedgerOnRows = {
  reserve(rows, stamp, input) {
    const { id, leaseMs, scopes } = input;
    const { nowEpochMs, epoch } = stamp;
    if (input.epoch !== null && input.epoch !== epoch) return { nowEpochMs, epoch, kind: "other-epoch" };
    expireLeases(rows, nowEpochMs);
    if (scopes.some((scope) => isOutside(scope, nowEpochMs))) return { nowEpochMs, epoch, kind: "other-window" };
    if (isKnown(rows, nowEpochMs, input)) {
      return { nowEpochMs, epoch, kind: "held", sums: toReply(rows, stamp, keysOf(scopes)).windows };
    }
    const opened: WindowRow[] = [];
    for (const scope of scopes) {
      const row = openWindow(rows, scope.key, scope, nowEpochMs);
      if (row.spent + row.presumed + row.held + scope.amount > scope.limit) {
        const { spent, presumed, held, endEpochMs } = row;
        const sums = { spent, presumed, held };
        return { nowEpochMs, epoch, kind: "refused", index: opened.length, sums, endEpochMs };
      }
      opened.push({ ...row, held: row.held + scope.amount });
    }
    for (const [index, row] of opened.entries()) rows.saveWindow(scopes[index]?.key ?? "", row);
    const parts = scopes.map(({ key, amount }) => ({ key, amount }));
    rows.saveReservation(id, { state: "held", parts }, nowEpochMs + leaseMs);
    return { nowEpochMs, epoch, kind: "held", sums: opened };
  },

  settle(rows, stamp, { id, all, scopes }) {
    const { nowEpochMs } = stamp;
    expireLeases(rows, nowEpochMs);
    const known = rows.reservation(id);
    if (known === undefined) {
      const row = all === null ? ({ state: "settled" } as const) : ({ state: "waiting", amounts: all } as const);
      rows.saveReservation(id, row, nowEpochMs + (all === null ? KEEP_JOURNALED_MS : KEEP_SETTLED_MS));
      for (const scope of scopes ?? []) {
        rows.saveWindow(scope.key, addTo(openWindow(rows, scope.key, scope, nowEpochMs), scope));
      }
      return toReply(rows, stamp, keysOf(scopes ?? []));
    }
    if (known.state !== "held" && known.state !== "expired") return toReply(rows, stamp, []);
    for (const { key, amount } of known.parts) {
      const row = rows.window(key);
      if (row === undefined) continue;
      const amounts = all ?? scopes.find((scope) => scope.key === key) ?? { spent: 0, presumed: 0 };
      rows.saveWindow(key, addTo(removeFrom(row, known.state, amount), amounts));
    }
    rows.saveReservation(id, { state: "settled" }, nowEpochMs + KEEP_SETTLED_MS);
    return toReply(rows, stamp, keysOf(known.parts));
  },

  sums(rows, stamp, keys) {
    expireLeases(rows, stamp.nowEpochMs);
    return toReply(rows, stamp, keys);
  },

  writeOff(rows, stamp, { key, presumed, actor, reason }) {
    expireLeases(rows, stamp.nowEpochMs);
    const row = rows.window(key);
    const amount = Math.min(presumed, row?.presumed ?? 0);
    if (row !== undefined && amount > 0) {
      rows.saveWindow(key, { ...row, presumed: row.presumed - amount });
      rows.addWriteOff({ atEpochMs: stamp.nowEpochMs, key, amount, actor, reason });
    }
    return toReply(rows, stamp, [key]);
  },

  restore(rows, stamp, scopes) {
    for (const scope of scopes) {
      const row = openWindow(rows, scope.key, scope, stamp.nowEpochMs);
      const restoredSpent = Math.max(row.restoredSpent, scope.spent);
      const restoredPresumed = Math.max(row.restoredPresumed, scope.presumed);
      const raise = { spent: restoredSpent - row.restoredSpent, presumed: restoredPresumed - row.restoredPresumed };
      rows.saveWindow(scope.key, { ...addTo(row, raise), restoredSpent, restoredPresumed });
    }
    return toReply(rows, stamp, keysOf(scopes));
  },
};
