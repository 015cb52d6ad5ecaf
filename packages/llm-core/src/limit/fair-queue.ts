/** A queued item. A canceled one stays in its list until the list is compacted: searching for each would take linear time. */
interface QueueEntry<T> {
  readonly agent: string;
  readonly item: T;
  isCanceled: boolean;
}

/** The queued items of one agent. */
interface AgentQueue<T> {
  entries: QueueEntry<T>[];
  /** Number of entries that are not canceled. */
  live: number;
}

/** The queued items of one priority: first in, first out for each agent, an even share among agents. */
type PriorityLevel<T> = Map<string, AgentQueue<T>>;

/** A queue by priority; within a priority agents get an even share. */
export interface FairQueue<T> {
  /** Number of queued items. */
  size(): number;
  /** Adds an item. The returned function removes it; it must not be called after `take` has returned the item. */
  add(priority: number, agent: string, item: T): () => void;
  /** Removes and returns the head of the queue; `undefined`: the queue is empty. */
  take(): { readonly agent: string; readonly item: T } | undefined;
}

/** Shorter lists are not compacted. */
const MIN_COMPACTED_LENGTH = 32;

/**
 * Creates an empty queue.
 *
 * @param activeOf - number of calls in flight of an agent: the agent with the fewest is served first
 */
export function createFairQueue<T>(activeOf: (agent: string) => number): FairQueue<T> {
  let size = 0;
  const levels = new Map<number, PriorityLevel<T>>();

  /** Takes from the agent with the fewest calls in flight; of several, the one that was served least recently. */
  function takeFrom(level: PriorityLevel<T>): QueueEntry<T> | undefined {
    let chosen: AgentQueue<T> | undefined;
    let chosenAgent = "";
    let fewest = Number.POSITIVE_INFINITY;
    for (const [agent, queue] of level) {
      const inFlight = activeOf(agent);
      if (inFlight < fewest) {
        fewest = inFlight;
        chosen = queue;
        chosenAgent = agent;
      }
    }
    let next = chosen?.entries.shift();
    while (next?.isCanceled) next = chosen?.entries.shift();
    if (chosen === undefined || next === undefined) return undefined;
    chosen.live -= 1;
    // Moves the agent to the end of the iteration order, or removes it.
    level.delete(chosenAgent);
    if (chosen.live > 0) level.set(chosenAgent, chosen);
    return next;
  }

  function queueOf(priority: number, agent: string): AgentQueue<T> {
    let level = levels.get(priority);
    if (level === undefined) {
      level = new Map();
      levels.set(priority, level);
    }
    let queue = level.get(agent);
    if (queue === undefined) {
      queue = { entries: [], live: 0 };
      level.set(agent, queue);
    }
    return queue;
  }

  function cancel(priority: number, entry: QueueEntry<T>): void {
    const { agent } = entry;
    const queue = levels.get(priority)?.get(agent);
    if (queue === undefined || entry.isCanceled) return;
    entry.isCanceled = true;
    queue.live -= 1;
    size -= 1;
    if (queue.entries.length > MIN_COMPACTED_LENGTH && queue.live < queue.entries.length / 2) {
      queue.entries = queue.entries.filter(({ isCanceled }) => !isCanceled);
    }
    if (queue.live === 0) levels.get(priority)?.delete(agent);
    if (levels.get(priority)?.size === 0) levels.delete(priority);
  }

  return {
    size: () => size,
    add(priority, agent, item) {
      const entry: QueueEntry<T> = { agent, item, isCanceled: false };
      const queue = queueOf(priority, agent);
      queue.entries.push(entry);
      queue.live += 1;
      size += 1;
      return () => cancel(priority, entry);
    },
    take() {
      while (size > 0) {
        const highest = Math.max(...levels.keys());
        const level = levels.get(highest);
        const next = level === undefined ? undefined : takeFrom(level);
        if (level === undefined || level.size === 0) levels.delete(highest);
        if (next === undefined) continue;
        size -= 1;
        return next;
      }
      return undefined;
    },
  };
}
