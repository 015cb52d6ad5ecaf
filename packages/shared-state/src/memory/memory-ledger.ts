import type { ScopeSums, SettledAmounts } from "../contract/ledger.ts";
import { KEEP_EXPIRED_MS, KEEP_SETTLED_MS } from "../contract/retention.ts";
import type { HoldInput, HoldReply, HoldScope, SettleInput, Stamp, SumsReply } from "../contract/state-engine.ts";
import { createMemoryWindows, type MemoryWindow } from "./memory-windows.ts";

/** The ledger of a memory engine. */
export interface MemoryLedger {
  reserve(input: HoldInput): HoldReply;
  settle(input: SettleInput): SumsReply;
  sums(keys: readonly string[]): SumsReply;
  writeOff(key: string, presumed: number): SumsReply;
}

interface Part {
  readonly key: string;
  readonly amount: number;
  readonly window: MemoryWindow;
}

interface Reservation {
  readonly parts: readonly Part[];
  readonly leaseEndEpochMs: number;
}

/** A remembered id: settled, or a settle that waits for its reserve. */
interface Ended {
  readonly forgetAtEpochMs: number;
  readonly waiting: SettledAmounts | null;
}

/** Settled ids that are remembered at most: in one process a second settle follows the first one soon. */
const MAX_ENDED = 50_000;

const NO_SUMS: ScopeSums = { spent: 0, presumed: 0, held: 0 };

/** Creates an empty ledger. */
export function createMemoryLedger(stamp: () => Stamp): MemoryLedger {
  const windows = createMemoryWindows();
  const held = new Map<string, Reservation>();
  const expired = new Map<string, Reservation>();
  const ended = new Map<string, Ended>();
  /** No later than the first end of a lease. */
  let nextLeaseEndEpochMs = Number.POSITIVE_INFINITY;

  function end(id: string, now: number, waiting: SettledAmounts | null): void {
    ended.set(id, { forgetAtEpochMs: now + KEEP_SETTLED_MS, waiting });
    // In the order of insertion, which is that of their ends.
    for (const [oldest, { forgetAtEpochMs }] of ended) {
      if (forgetAtEpochMs > now && ended.size <= MAX_ENDED) return;
      ended.delete(oldest);
    }
  }

  function expireLeases(now: number): void {
    if (now < nextLeaseEndEpochMs) return;
    nextLeaseEndEpochMs = Number.POSITIVE_INFINITY;
    for (const [id, reservation] of held) {
      const { leaseEndEpochMs, parts } = reservation;
      if (leaseEndEpochMs > now) {
        nextLeaseEndEpochMs = Math.min(nextLeaseEndEpochMs, leaseEndEpochMs);
        continue;
      }
      held.delete(id);
      expired.set(id, reservation);
      for (const { window, amount } of parts) {
        window.held -= amount;
        window.presumed += amount;
      }
    }
    for (const [id, { leaseEndEpochMs }] of expired) {
      if (leaseEndEpochMs + KEEP_EXPIRED_MS < now) expired.delete(id);
    }
  }

  function book(window: MemoryWindow, { spent, presumed }: SettledAmounts): void {
    window.spent += spent;
    window.presumed += presumed;
  }

  function reply(at: Stamp, keys: readonly string[]): SumsReply {
    return {
      ...at,
      windows: keys.map((key) => ({ endEpochMs: null, ...NO_SUMS, ...windows.get(key), key })),
    };
  }

  /** Whether the id was reserved or settled before, so that nothing more is held. */
  function isKnown(id: string, scopes: readonly HoldScope[], now: number): boolean {
    if (held.has(id) || expired.has(id)) return true;
    const known = ended.get(id);
    if (known === undefined) return false;
    if (known.waiting === null) return true;
    for (const scope of scopes) book(windows.open(scope.key, scope, now), known.waiting);
    ended.set(id, { ...known, waiting: null });
    return true;
  }

  return {
    reserve({ id, leaseMs, scopes }) {
      const at = stamp();
      const now = at.nowEpochMs;
      expireLeases(now);
      for (const { startEpochMs, endEpochMs } of scopes) {
        if (startEpochMs === null || endEpochMs === null) continue;
        if (now < startEpochMs || now >= endEpochMs) return { ...at, kind: "other-window" };
      }
      if (isKnown(id, scopes, now))
        return {
          ...at,
          kind: "held",
          sums: reply(
            at,
            scopes.map(({ key }) => key),
          ).windows,
        };
      const parts: Part[] = [];
      for (const scope of scopes) {
        const { key, limit, amount } = scope;
        const window = windows.open(key, scope, now);
        if (window.spent + window.presumed + window.held + amount > limit) {
          const { endEpochMs } = window;
          return { ...at, kind: "refused", index: parts.length, sums: { ...window }, endEpochMs };
        }
        parts.push({ key, amount, window });
      }
      for (const { window, amount } of parts) window.held += amount;
      const leaseEndEpochMs = now + leaseMs;
      held.set(id, { parts, leaseEndEpochMs });
      nextLeaseEndEpochMs = Math.min(nextLeaseEndEpochMs, leaseEndEpochMs);
      const sums = parts.map(({ window: { spent, presumed, held: holding } }) => ({ spent, presumed, held: holding }));
      return { ...at, kind: "held", sums };
    },

    settle({ id, all, scopes }) {
      const at = stamp();
      const now = at.nowEpochMs;
      expireLeases(now);
      const isHeld = held.has(id);
      const reservation = held.get(id) ?? expired.get(id);
      if (reservation !== undefined) {
        for (const { key, window, amount } of reservation.parts) {
          if (isHeld) window.held -= amount;
          // An operator may have written it off since.
          else window.presumed = Math.max(0, window.presumed - amount);
          const amounts = all ?? scopes.find((scope) => scope.key === key);
          if (amounts !== undefined) book(window, amounts);
        }
        held.delete(id);
        expired.delete(id);
        end(id, now, null);
        return reply(
          at,
          reservation.parts.map(({ key }) => key),
        );
      }
      if (ended.has(id)) return reply(at, []);
      end(id, now, all);
      if (scopes === null) return reply(at, []);
      for (const scope of scopes) book(windows.open(scope.key, scope, now), scope);
      return reply(
        at,
        scopes.map(({ key }) => key),
      );
    },

    sums(keys) {
      const at = stamp();
      expireLeases(at.nowEpochMs);
      return reply(at, keys);
    },

    writeOff(key, presumed) {
      const at = stamp();
      expireLeases(at.nowEpochMs);
      const window = windows.get(key);
      if (window !== undefined) window.presumed = Math.max(0, window.presumed - presumed);
      return reply(at, [key]);
    },
  };
}
