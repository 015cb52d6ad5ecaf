import type { AcquireInput, AcquireReply } from "../contract/state-engine.ts";
import { FAST_PACE, PLACE_MS, waitMsOf } from "../slots/turns.ts";

/** The slots of a memory engine. */
export interface InMemorySlots {
  acquire(input: AcquireInput): AcquireReply;
  renew(key: string, lease: string, ttlMs: number): boolean;
  release(key: string, lease: string): void;
}

interface Limit {
  /** Ends of leases by their ids. */
  readonly leases: Map<string, number>;
  /** When each waiting holder last asked, in the order in which they began to wait. */
  readonly waiting: Map<string, number>;
}

/** Creates slots that are all free. */
export function createMemorySlots(now: () => number): InMemorySlots {
  const limits = new Map<string, Limit>();

  function open(key: string): Limit {
    let limit = limits.get(key);
    if (limit === undefined) {
      limit = { leases: new Map(), waiting: new Map() };
      limits.set(key, limit);
    }
    return limit;
  }

  function sweep({ leases, waiting }: Limit, nowEpochMs: number): void {
    for (const [lease, end] of leases) if (end <= nowEpochMs) leases.delete(lease);
    for (const [holder, asked] of waiting) if (asked + PLACE_MS <= nowEpochMs) waiting.delete(holder);
  }

  return {
    acquire({ key, limit, ttlMs, holder, lease }) {
      const nowEpochMs = now();
      const { leases, waiting } = open(key);
      sweep({ leases, waiting }, nowEpochMs);
      const holders = [...waiting.keys()];
      const place = holders.indexOf(holder);
      const ahead = place === -1 ? holders.length : place;
      if (limit - leases.size > ahead) {
        waiting.delete(holder);
        leases.set(lease, nowEpochMs + ttlMs);
        return { lease };
      }
      waiting.set(holder, nowEpochMs);
      return { waitMs: waitMsOf(ahead, FAST_PACE) };
    },
    renew(key, lease, ttlMs) {
      const leases = limits.get(key)?.leases;
      const end = leases?.get(lease);
      if (leases === undefined || end === undefined || end <= now()) return false;
      leases.set(lease, now() + ttlMs);
      return true;
    },
    release(key, lease) {
      const limit = limits.get(key);
      if (limit === undefined) return;
      limit.leases.delete(lease);
      sweep(limit, now());
      if (limit.leases.size === 0 && limit.waiting.size === 0) limits.delete(key);
    },
  };
}
