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
  /** The provider refused a call because too many were in flight: fewer from now on. */
  shrink(): void;
  /** A call went well: slowly more again, up to the maximum. */
  grow(): void;
  readonly active: number;
  readonly queued: number;
  /** How many may be in flight now. */
  readonly limit: number;
}

interface Waiting {
  readonly agent: string;
  readonly grant: (slot: Slot) => void;
  hasLeft: boolean;
}

/** The waiting calls of one agent. Those that leave stay in the list until it is mostly them: looking for each would take too long. */
interface Line {
  calls: Waiting[];
  live: number;
}

/** A list that is shorter is not tidied up. */
const TIDY_FROM = 32;

/** The waiting calls of one priority: arrival order within an agent, an even share among agents. */
type Rank = Map<string, Line>;

const NOBODY = "";

/** Whether a slot has still to be waited for. */
export function isQueued(slot: Slot | QueuedSlot): slot is QueuedSlot {
  return "granted" in slot;
}

/**
 * @param maximum - calls in flight at the most; `Infinity` for no bound
 */
export function createConcurrencyLimiter(maximum: number): ConcurrencyLimiter {
  let limit = maximum;
  let active = 0;
  let queued = 0;
  let sinceGrowth = 0;
  const activeByAgent = new Map<string, number>();
  const ranks = new Map<number, Rank>();

  function take(agent: string): Slot {
    active += 1;
    activeByAgent.set(agent, (activeByAgent.get(agent) ?? 0) + 1);
    let held = true;
    return {
      release() {
        if (!held) return;
        held = false;
        active -= 1;
        const left = (activeByAgent.get(agent) ?? 1) - 1;
        if (left === 0) activeByAgent.delete(agent);
        else activeByAgent.set(agent, left);
        admit();
      },
    };
  }

  /** The agent with the fewest calls in flight; of several, the one that has waited longest since it was last served. */
  function nextIn(rank: Rank): Waiting | undefined {
    let chosen: Line | undefined;
    let chosenAgent = NOBODY;
    let fewest = Number.POSITIVE_INFINITY;
    for (const [agent, waiting] of rank) {
      const inFlight = activeByAgent.get(agent) ?? 0;
      if (inFlight < fewest) {
        fewest = inFlight;
        chosen = waiting;
        chosenAgent = agent;
      }
    }
    let next = chosen?.calls.shift();
    while (next?.hasLeft) next = chosen?.calls.shift();
    if (chosen === undefined || next === undefined) return undefined;
    chosen.live -= 1;
    // To the end of the line of agents, or out of it.
    rank.delete(chosenAgent);
    if (chosen.live > 0) rank.set(chosenAgent, chosen);
    return next;
  }

  function admit(): void {
    while (queued > 0 && active < limit) {
      const highest = Math.max(...ranks.keys());
      const rank = ranks.get(highest);
      const next = rank === undefined ? undefined : nextIn(rank);
      if (rank === undefined || rank.size === 0) ranks.delete(highest);
      if (next === undefined) continue;
      queued -= 1;
      next.grant(take(next.agent));
    }
  }

  function enqueue(priority: number, agent: string): QueuedSlot {
    let rank = ranks.get(priority);
    if (rank === undefined) {
      rank = new Map();
      ranks.set(priority, rank);
    }
    let line = rank.get(agent);
    if (line === undefined) {
      line = { calls: [], live: 0 };
      rank.set(agent, line);
    }
    queued += 1;
    let granted: Slot | undefined;
    let resolve: (slot: Slot) => void = () => {};
    const promise = new Promise<Slot>((settle) => {
      resolve = settle;
    });
    const waiting: Waiting = {
      agent,
      hasLeft: false,
      grant(slot) {
        granted = slot;
        resolve(slot);
      },
    };
    line.calls.push(waiting);
    line.live += 1;
    return {
      granted: promise,
      cancel() {
        if (granted !== undefined) return granted.release();
        const own = ranks.get(priority)?.get(agent);
        if (own === undefined || waiting.hasLeft) return;
        waiting.hasLeft = true;
        own.live -= 1;
        queued -= 1;
        if (own.calls.length > TIDY_FROM && own.live < own.calls.length / 2) {
          own.calls = own.calls.filter(({ hasLeft }) => !hasLeft);
        }
        if (own.live === 0) ranks.get(priority)?.delete(agent);
        if (ranks.get(priority)?.size === 0) ranks.delete(priority);
      },
    };
  }

  return {
    acquire({ priority, agent }) {
      if (active < limit && queued === 0) return take(agent ?? NOBODY);
      return enqueue(priority, agent ?? NOBODY);
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
      return queued;
    },
    get limit() {
      return limit;
    },
  };
}
