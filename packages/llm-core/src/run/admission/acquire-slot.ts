import { type ConcurrencyLimiter, isQueued, type QueuedSlot, type Slot } from "../../limit/concurrency-limiter.ts";
import type { Call } from "../call.ts";
import { withTimeout } from "../wait.ts";

const requestSlot = ({ options }: Call, limiter: ConcurrencyLimiter): Slot | QueuedSlot =>
  limiter.acquire({ priority: options.priority ?? 0, agent: options.agent ?? null });

/**
 * Acquires a slot for one call in flight to the provider: synchronously if one is free, else after waiting in the queue.
 *
 * @param maxWaitMs - maximum wait in the queue, milliseconds; `null`: until the call is interrupted
 * @returns `null` after `maxWaitMs`. Rejects with the call's interruption. In both cases the queue entry is removed.
 */
export function acquireSlot(
  call: Call,
  limiter: ConcurrencyLimiter,
  maxWaitMs: number | null,
): Slot | Promise<Slot | null> {
  const slot = requestSlot(call, limiter);
  return isQueued(slot) ? awaitSlot(call, slot, maxWaitMs) : slot;
}

async function awaitSlot(call: Call, queued: QueuedSlot, maxWaitMs: number | null): Promise<Slot | null> {
  try {
    const slot = await withTimeout(call, queued.granted, maxWaitMs);
    if (slot === null) queued.cancel();
    return slot;
  } catch (interruption) {
    queued.cancel();
    throw interruption;
  }
}
