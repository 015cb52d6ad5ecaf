import { type Clock, systemClock } from "@babylon/llm-core";

/** The platform's clock with a count of pending timers. */
export interface CountingClock extends Clock {
  readonly pending: number;
}

/** Counts timers set minus timers fired or cleared. */
export function createCountingClock(): CountingClock {
  const open = new Set<unknown>();
  return {
    now: systemClock.now,
    monotonic: systemClock.monotonic,
    setTimeout(callback, delayMs) {
      const handle = systemClock.setTimeout(() => {
        open.delete(handle);
        callback();
      }, delayMs);
      open.add(handle);
      return handle;
    },
    clearTimeout(handle) {
      open.delete(handle);
      systemClock.clearTimeout(handle);
    },
    get pending() {
      return open.size;
    },
  };
}
