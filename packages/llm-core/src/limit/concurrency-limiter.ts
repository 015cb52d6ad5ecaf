import type { Clock, TimerHandle } from "../contract/clock.ts";
import { createFairQueue } from "./fair-queue.ts";
import { type HeldLease, type LeaseSource, NO_LEASE } from "./lease-source.ts";

/** A call's request for a slot. */
export interface SlotRequest {
  /** Calls with a higher priority are granted a slot first. */
  readonly priority: number;
  /** Within a priority, slots are shared evenly among agents. */
  readonly agent: string | null;
}

/** One of the permitted calls in flight. */
export interface Slot {
  /** Idempotent. */
  release(): void;
}

/** A queued request for a slot. */
export interface QueuedSlot {
  readonly granted: Promise<Slot>;
  /** Removes the request from the queue, or releases the slot if it was just granted. */
  cancel(): void;
}

/** Limits the calls in flight of one provider and credential. The limit adapts to refusals of the provider. */
export interface ConcurrencyLimiter {
  /** A free slot, or a queued request. */
  acquire(request: SlotRequest): Slot | QueuedSlot;
  /** A free slot, without queueing; `null`: there is none. */
  tryAcquire(request: Pick<SlotRequest, "agent">): Promise<Slot | null>;
  /** Lowers the limit: the provider refused a call because of too many calls in flight. */
  shrink(): void;
  /** Raises the limit slowly, up to the maximum: a call succeeded. */
  grow(): void;
  readonly active: number;
  readonly queued: number;
  /** The current limit of calls in flight. */
  readonly limit: number;
}

const NO_AGENT = "";

/** Whether a request is queued. */
export function isQueued(slot: Slot | QueuedSlot): slot is QueuedSlot {
  return "granted" in slot;
}

/** A limit that is shared with other processes. */
export interface SharedLimit {
  readonly leases: LeaseSource;
  readonly clock: Clock;
}

/**
 * Creates a limiter.
 *
 * @param maximum - maximum of calls in flight; `Infinity`: no limit
 * @param shared - if set, each slot also needs a lease: the queue acquires one lease at a time and passes it to its head
 */
export function createConcurrencyLimiter(maximum: number, shared: SharedLimit | null = null): ConcurrencyLimiter {
  let isAcquiringLease = false;
  /** Runs until the next attempt to acquire a lease. */
  let leaseTimer: TimerHandle | null = null;
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
    const remaining = (activeByAgent.get(agent) ?? 1) - 1;
    if (remaining === 0) activeByAgent.delete(agent);
    else activeByAgent.set(agent, remaining);
    admit();
  }

  /** The slot of a call that is counted in `active` already. */
  function slotOf(agent: string, lease: HeldLease): Slot {
    let isHeld = true;
    return {
      release() {
        if (!isHeld) return;
        isHeld = false;
        lease.release();
        // The released lease is available now: the next one is acquired without delay.
        clearLeaseTimer();
        vacate(agent);
      },
    };
  }

  function take(agent: string, lease: HeldLease): Slot {
    occupy(agent);
    return slotOf(agent, lease);
  }

  /** Grants a slot to the head of the queue. */
  function grantNext(lease: HeldLease): void {
    const next = queue.take();
    if (next === undefined) lease.release();
    else next.item(take(next.agent, lease));
  }

  const canGrant = (): boolean => queue.size() > 0 && active < limit;

  const needsLease = (): boolean => shared !== null && !shared.leases.isUnavailable();

  function admit(): void {
    while (canGrant()) {
      if (shared !== null && needsLease()) {
        grantWithLease(shared);
        return;
      }
      grantNext(NO_LEASE);
    }
  }

  function clearLeaseTimer(): void {
    if (leaseTimer !== null) shared?.clock.clearTimeout(leaseTimer);
    leaseTimer = null;
  }

  /** Acquires one lease at a time and passes it to the call that is the head of the queue when it arrives. */
  async function grantWithLease({ leases, clock }: SharedLimit): Promise<void> {
    if (isAcquiringLease || leaseTimer !== null) return;
    isAcquiringLease = true;
    const answer = await leases.next();
    isAcquiringLease = false;
    if (typeof answer === "number") {
      if (!canGrant()) return;
      leaseTimer = clock.setTimeout(() => {
        leaseTimer = null;
        admit();
      }, answer);
      return;
    }
    if (canGrant()) grantNext(answer);
    else answer.release();
    admit();
  }

  /** The slot counts as active while its lease is acquired, so that no other call takes it. */
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
    const remove = queue.add(priority, agent, (slot) => {
      granted = slot;
      resolve(slot);
    });
    return {
      granted: promise,
      cancel() {
        if (granted !== undefined) return granted.release();
        remove();
        if (queue.size() === 0) clearLeaseTimer();
      },
    };
  }

  return {
    acquire({ priority, agent }) {
      const isFree = active < limit && queue.size() === 0;
      if (isFree && !needsLease()) return take(agent ?? NO_AGENT, NO_LEASE);
      const queued = enqueue(priority, agent ?? NO_AGENT);
      if (shared !== null) admit();
      return queued;
    },
    async tryAcquire({ agent }) {
      if (active >= limit || queue.size() > 0) return null;
      if (shared !== null && needsLease()) return leaseNow(shared, agent ?? NO_AGENT);
      return take(agent ?? NO_AGENT, NO_LEASE);
    },
    shrink() {
      // `active` still includes the refused call.
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
