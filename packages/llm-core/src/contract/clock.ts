/** A handle from {@link Clock.setTimeout}; opaque. */
export type TimerHandle = unknown;

/** The source of time and timers. Inject one to control time in tests. */
export interface Clock {
  /** Wall time, epoch milliseconds. For timestamps. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary origin. For durations and limits. */
  monotonic(): number;
  /** Calls `callback` once, after at least `delayMs`. */
  setTimeout(callback: () => void, delayMs: number): TimerHandle;
  /** Cancels a timer. Without effect for a timer that has fired, or for no timer. */
  clearTimeout(handle: TimerHandle): void;
}

/** Maximum delay of a timer (24.8 days): a longer one fires at once in browsers, Node, Bun and Deno. */
export const LONGEST_TIMER_MS: number = 2 ** 31 - 1;

/** The platform's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, delayMs) => globalThis.setTimeout(callback, delayMs),
  // The handle is the return value of the platform's own setTimeout, above.
  clearTimeout: (handle) => globalThis.clearTimeout(handle as Parameters<typeof globalThis.clearTimeout>[0]),
};
