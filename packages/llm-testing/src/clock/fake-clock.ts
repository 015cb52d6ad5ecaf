import type { Clock } from "@babylon/llm-core";

/** Node fires a timer above this immediately (its `TimeoutOverflowWarning`); so does this clock. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** A clock that only advances when a test moves it. */
export interface FakeClock extends Clock {
  /**
   * Advances time and runs the due timers, in order of time and then of creation. Pending promise reactions run before the first timer and
   * after each timer. Rejects with the errors of timer callbacks.
   *
   * @param ms - milliseconds, 0 or more
   */
  advance(ms: number): Promise<void>;
  /** The number of pending timers. */
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

/** One turn of the event loop drains the promise reactions; the second one drains those that the first started. */
async function settlePromises(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/**
 * Creates a {@link Clock} for tests: `monotonic()` starts at 0, and time only advances in `advance`.
 *
 * @param startedAt - the initial value of `now()`, epoch milliseconds; default 2026-11-22T00:00:00Z
 */
export function createFakeClock(startedAt: number = Date.UTC(2026, 10, 22)): FakeClock {
  let elapsedMs = 0;
  let lastHandle = 0;
  const timers = new Map<number, PendingTimer>();

  const nextDue = (untilMs: number): number | undefined => {
    let found: number | undefined;
    let foundDueMs = untilMs;
    for (const [handle, timer] of timers) {
      // A Map keeps insertion order, so of equal timers the earliest created one is selected.
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
