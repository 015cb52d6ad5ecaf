import { type Clock, LONGEST_TIMER_MS } from "../clock.ts";
import { type ConcurrencyLimiter, isQueued, type Slot } from "../limit/concurrency-limiter.ts";
import type { Call } from "./call.ts";

/**
 * Waits for a place among the provider's calls in flight.
 *
 * @param patienceMs - how long to queue at the most; `null`: as long as the call lives
 * @returns `null` when patience ran out. Throws the call's interruption; either way the queue is left.
 */
export async function acquireSlot(
  call: Call,
  limiter: ConcurrencyLimiter,
  clock: Clock,
  patienceMs: number | null,
): Promise<Slot | null> {
  const { priority = 0, agent = null } = call.options;
  const queued = limiter.acquire({ priority, agent });
  if (!isQueued(queued)) return queued;
  let timer: unknown;
  const patience = new Promise<null>((resolve) => {
    if (patienceMs !== null && patienceMs <= LONGEST_TIMER_MS) {
      timer = clock.setTimeout(() => resolve(null), Math.ceil(patienceMs));
    }
  });
  try {
    const slot = await call.until(Promise.race([queued.granted, patience]));
    if (slot === null) queued.cancel();
    return slot;
  } catch (interruption) {
    queued.cancel();
    throw interruption;
  } finally {
    clock.clearTimeout(timer);
  }
}

/** A place at once, or `null`. */
export function trySlot(call: Call, limiter: ConcurrencyLimiter): Slot | null {
  const slot = limiter.acquire({ priority: call.options.priority ?? 0, agent: call.options.agent ?? null });
  if (!isQueued(slot)) return slot;
  slot.cancel();
  return null;
}
