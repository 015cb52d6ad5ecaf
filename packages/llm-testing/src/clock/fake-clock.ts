import type { Clock } from "@babylon/llm-core";

/** Node fires a timer above this at once (its `TimeoutOverflowWarning`); so does this clock. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /**
   * Moves time forward and runs the timers that fall due, in order of time and then of setting. After each of them, and before the
   * first and after the last, everything that waits on promises alone gets to run. Rejects with what a timer's callback throws.
   *
   * @param ms - milliseconds, 0 or more
   */
  advance(ms: number): Promise<void>;
  /** How many timers are set and have neither run nor been cleared. */
  pendingTimers(): number;
}

interface PendingTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

const effectiveDelay = (delayMs: number): number => {
  if (!(delayMs > 0)) return 0;
  return delayMs > LONGEST_TIMER_MS ? 1 : delayMs;
};

/** One turn of the event loop empties the queue of promise reactions; the second is for work that the first one started. */
async function settlePromises(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/**
 * A {@link Clock} for tests: `monotonic()` starts at 0 and time passes only in `advance`.
 *
 * @param startedAt - what `now()` says at first, epoch milliseconds; default 2026-11-22T00:00:00Z
 */
export function createFakeClock(startedAt: number = Date.UTC(2026, 10, 22)): FakeClock {
  let elapsedMs = 0;
  let lastHandle = 0;
  const timers = new Map<number, PendingTimer>();

  const nextDue = (untilMs: number): number | undefined => {
    let found: number | undefined;
    let foundDueMs = untilMs;
    for (const [handle, timer] of timers) {
      // A Map keeps insertion order, so among equals the one that was set first stays found.
      if (timer.dueMs < foundDueMs || (timer.dueMs === foundDueMs && found === undefined)) {
        found = handle;
        foundDueMs = timer.dueMs;
      }
    }
    return found;
  };

  return {
    now: () => startedAt + elapsedMs,
    monotonic: () => elapsedMs,
    setTimeout(callback, delayMs) {
      lastHandle += 1;
      timers.set(lastHandle, { dueMs: elapsedMs + effectiveDelay(delayMs), callback });
      return lastHandle;
    },
    clearTimeout(handle) {
      if (typeof handle === "number") timers.delete(handle);
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      await settlePromises();
      for (let handle = nextDue(untilMs); handle !== undefined; handle = nextDue(untilMs)) {
        const timer = timers.get(handle);
        timers.delete(handle);
        elapsedMs = Math.max(elapsedMs, timer?.dueMs ?? elapsedMs);
        timer?.callback();
        await settlePromises();
      }
      elapsedMs = untilMs;
    },
    pendingTimers: () => timers.size,
  };
}
