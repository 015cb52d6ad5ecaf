import { type ConcurrencyLimiter, isQueued, type QueuedSlot, type Slot } from "../../limit/concurrency-limiter.ts";
import type { Call } from "../call.ts";
import { within } from "../wait.ts";

const ask = ({ options }: Call, limiter: ConcurrencyLimiter): Slot | QueuedSlot =>
  limiter.acquire({ priority: options.priority ?? 0, agent: options.agent ?? null });

/**
 * A place among the provider's calls in flight: at once where there is one, else waited for.
 *
 * @param patienceMs - how long to queue at the most; `null`: as long as the call lives
 * @returns `null` when patience ran out. Throws the call's interruption; either way the queue is left.
 */
export function acquireSlot(
  call: Call,
  limiter: ConcurrencyLimiter,
  patienceMs: number | null,
): Slot | Promise<Slot | null> {
  const slot = ask(call, limiter);
  return isQueued(slot) ? granted(call, slot, patienceMs) : slot;
}

async function granted(call: Call, queued: QueuedSlot, patienceMs: number | null): Promise<Slot | null> {
  try {
    const slot = await within(call, queued.granted, patienceMs);
    if (slot === null) queued.cancel();
    return slot;
  } catch (interruption) {
    queued.cancel();
    throw interruption;
  }
}
