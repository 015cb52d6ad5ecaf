/** A call that waits, or that has left: those stay in the list until it is mostly them, because looking for each would take too long. */
interface QueueEntry<T> {
  readonly agent: string;
  readonly item: T;
  hasLeft: boolean;
}

/** The waiting calls of one agent. */
interface AgentQueue<T> {
  calls: QueueEntry<T>[];
  live: number;
}

/** The waiting calls of one priority: arrival order within an agent, an even share among agents. */
type PriorityLevel<T> = Map<string, AgentQueue<T>>;

/** Calls that wait: the highest priority first, and within one priority an even share for each agent. */
export interface FairQueue<T> {
  /** How many wait. */
  size(): number;
  /** The returned function takes the call out again, once; it must not be called after `take` has given it out. */
  add(priority: number, agent: string, item: T): () => void;
  /** Takes out the call in turn; `undefined`: nobody waits. */
  take(): { readonly agent: string; readonly item: T } | undefined;
}

/** A list that is shorter is not tidied up. */
const MIN_COMPACTED_LENGTH = 32;

/** @param activeOf - how many calls of an agent are in flight: of several agents the one with the fewest goes first */
export function createFairQueue<T>(activeOf: (agent: string) => number): FairQueue<T> {
  let size = 0;
  const ranks = new Map<number, PriorityLevel<T>>();

  /** The agent with the fewest calls in flight; of several, the one that has waited longest since it was last served. */
  function nextIn(rank: PriorityLevel<T>): QueueEntry<T> | undefined {
    let chosen: AgentQueue<T> | undefined;
    let chosenAgent = "";
    let fewest = Number.POSITIVE_INFINITY;
    for (const [agent, line] of rank) {
      const inFlight = activeOf(agent);
      if (inFlight < fewest) {
        fewest = inFlight;
        chosen = line;
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

  function lineOf(priority: number, agent: string): AgentQueue<T> {
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
    return line;
  }

  function leave(priority: number, waiting: QueueEntry<T>): void {
    const { agent } = waiting;
    const own = ranks.get(priority)?.get(agent);
    if (own === undefined || waiting.hasLeft) return;
    waiting.hasLeft = true;
    own.live -= 1;
    size -= 1;
    if (own.calls.length > MIN_COMPACTED_LENGTH && own.live < own.calls.length / 2) {
      own.calls = own.calls.filter(({ hasLeft }) => !hasLeft);
    }
    if (own.live === 0) ranks.get(priority)?.delete(agent);
    if (ranks.get(priority)?.size === 0) ranks.delete(priority);
  }

  return {
    size: () => size,
    add(priority, agent, item) {
      const waiting: QueueEntry<T> = { agent, item, hasLeft: false };
      const line = lineOf(priority, agent);
      line.calls.push(waiting);
      line.live += 1;
      size += 1;
      return () => leave(priority, waiting);
    },
    take() {
      while (size > 0) {
        const highest = Math.max(...ranks.keys());
        const rank = ranks.get(highest);
        const next = rank === undefined ? undefined : nextIn(rank);
        if (rank === undefined || rank.size === 0) ranks.delete(highest);
        if (next === undefined) continue;
        size -= 1;
        return next;
      }
      return undefined;
    },
  };
}
