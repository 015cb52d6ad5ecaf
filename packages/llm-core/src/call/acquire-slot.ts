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
  patienceMs: number | null,
): Promise<Slot | null> {
  const { priority = 0, agent = null } = call.options;
  const queued = limiter.acquire({ priority, agent });
  if (!isQueued(queued)) return queued;
  try {
    const slot = await call.within(queued.granted, patienceMs);
    if (slot === null) queued.cancel();
    return slot;
  } catch (interruption) {
    queued.cancel();
    throw interruption;
  }
}

/** A place at once, or `null`. */
export function trySlot(call: Call, limiter: ConcurrencyLimiter): Slot | null {
  const slot = limiter.acquire({ priority: call.options.priority ?? 0, agent: call.options.agent ?? null });
  if (!isQueued(slot)) return slot;
  slot.cancel();
  return null;
}
