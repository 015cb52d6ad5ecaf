import type { Clock, TimerHandle } from "../contract/clock.ts";
import { createFairQueue } from "./fair-queue.ts";
import { type HeldLease, type LeaseSource, NO_LEASE } from "./lease-source.ts";

/** A call that wants a slot. */
export interface SlotRequest {
  /** Higher goes first. */
  readonly priority: number;
  /** Slots are shared evenly among agents that wait with the same priority. */
  readonly agent: string | null;
}

/** A place among the calls in flight. */
export interface Slot {
  /** Gives the place back; more than once does no harm. */
  release(): void;
}

/** A call in the queue. */
export interface QueuedSlot {
  readonly granted: Promise<Slot>;
  /** Leaves the queue; a slot that was granted in the same moment is given back. */
  cancel(): void;
}

/** Bounds the calls in flight of one provider and credential. */
export interface ConcurrencyLimiter {
  /** A slot at once where there is room, else a place in the queue. */
  acquire(request: SlotRequest): Slot | QueuedSlot;
  /** A slot where there is room now, without queueing; `null`: there is none. */
  tryAcquire(request: Pick<SlotRequest, "agent">): Promise<Slot | null>;
  /** The provider refused a call because too many were in flight: fewer from now on. */
  shrink(): void;
  /** A call went well: slowly more again, up to the maximum. */
  grow(): void;
  readonly active: number;
  readonly queued: number;
  /** How many may be in flight now. */
  readonly limit: number;
}

const NOBODY = "";

/** Whether a slot has still to be waited for. */
export function isQueued(slot: Slot | QueuedSlot): slot is QueuedSlot {
  return "granted" in slot;
}

/** Where the limit is shared with other processes. */
export interface SharedLimit {
  readonly leases: LeaseSource;
  readonly clock: Clock;
}

/**
 * @param maximum - calls in flight at the most; `Infinity` for no bound
 * @param shared - each slot needs a lease, too: the queue asks for one when a call is in turn, and then gives it to the call in turn
 */
export function createConcurrencyLimiter(maximum: number, shared: SharedLimit | null = null): ConcurrencyLimiter {
  let isAsking = false;
  /** Until the shared slots are asked again. */
  let retry: TimerHandle | null = null;
  let limit = maximum;
  let active = 0;
  let sinceGrowth = 0;
  const activeByAgent = new Map<string, number>();
  const queue = createFairQueue<(slot: Slot) => void>((agent) => activeByAgent.get(agent) ?? 0);

  function occupy(agent: string): void {
    active += 1;
    activeByAgent.set(agent, (activeByAgent.get(agent) ?? 0) + 1);
  }

  function vacate(agent: string): void {
    active -= 1;
    const left = (activeByAgent.get(agent) ?? 1) - 1;
    if (left === 0) activeByAgent.delete(agent);
    else activeByAgent.set(agent, left);
    admit();
  }

  /** The slot of a call that occupies a place. */
  function slotOf(agent: string, lease: HeldLease): Slot {
    let held = true;
    return {
      release() {
        if (!held) return;
        held = false;
        lease.release();
        // A lease that is given back is the best reason to ask again.
        stopWaiting();
        vacate(agent);
      },
    };
  }

  function take(agent: string, lease: HeldLease): Slot {
    occupy(agent);
    return slotOf(agent, lease);
  }

  /** Gives a place to the call in turn. */
  function grantNext(lease: HeldLease): void {
    const next = queue.take();
    if (next === undefined) lease.release();
    else next.item(take(next.agent, lease));
  }

  const hasTurn = (): boolean => queue.size() > 0 && active < limit;

  const needsLease = (): boolean => shared !== null && !shared.leases.isAway();

  function admit(): void {
    while (hasTurn()) {
      if (shared !== null && needsLease()) {
        askForNext(shared);
        return;
      }
      grantNext(NO_LEASE);
    }
  }

  function stopWaiting(): void {
    if (retry !== null) shared?.clock.clearTimeout(retry);
    retry = null;
  }

  /** One asks at a time; whoever is in turn when the lease comes gets it. */
  async function askForNext({ leases, clock }: SharedLimit): Promise<void> {
    if (isAsking || retry !== null) return;
    isAsking = true;
    const answer = await leases.next();
    isAsking = false;
    if (typeof answer === "number") {
      if (!hasTurn()) return;
      retry = clock.setTimeout(() => {
        retry = null;
        admit();
      }, answer);
      return;
    }
    if (hasTurn()) grantNext(answer);
    else answer.release();
    admit();
  }

  /** A place is occupied while its lease is asked for, so that no other call takes it. */
  async function leaseNow({ leases }: SharedLimit, agent: string): Promise<Slot | null> {
    occupy(agent);
    const answer = await leases.next();
    if (typeof answer !== "number") return slotOf(agent, answer);
    vacate(agent);
    return null;
  }

  function enqueue(priority: number, agent: string): QueuedSlot {
    let granted: Slot | undefined;
    let resolve: (slot: Slot) => void = () => {};
    const promise = new Promise<Slot>((settle) => {
      resolve = settle;
    });
    const leave = queue.add(priority, agent, (slot) => {
      granted = slot;
      resolve(slot);
    });
    return {
      granted: promise,
      cancel() {
        if (granted !== undefined) return granted.release();
        leave();
        if (queue.size() === 0) stopWaiting();
      },
    };
  }

  return {
    acquire({ priority, agent }) {
      const isFree = active < limit && queue.size() === 0;
      if (isFree && !needsLease()) return take(agent ?? NOBODY, NO_LEASE);
      const place = enqueue(priority, agent ?? NOBODY);
      if (shared !== null) admit();
      return place;
    },
    async tryAcquire({ agent }) {
      if (active >= limit || queue.size() > 0) return null;
      if (shared !== null && needsLease()) return leaseNow(shared, agent ?? NOBODY);
      return take(agent ?? NOBODY, NO_LEASE);
    },
    shrink() {
      // The refused call itself still counts as active here.
      limit = Math.max(1, Math.min(limit, Math.floor(active * 0.75)));
      sinceGrowth = 0;
    },
    grow() {
      if (limit >= maximum) return;
      sinceGrowth += 1;
      if (sinceGrowth < limit) return;
      sinceGrowth = 0;
      limit = Math.min(maximum, limit + 1);
      admit();
    },
    get active() {
      return active;
    },
    get queued() {
      return queue.size();
    },
    get limit() {
      return limit;
    },
  };
}
