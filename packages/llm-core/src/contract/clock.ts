/** A handle from {@link Clock.setTimeout}; opaque. */
export type TimerHandle = unknown;

/** Where the client takes its time from. Inject one to control time in tests. */
export interface Clock {
  /** Wall time, epoch milliseconds. For timestamps. */
  now(): number;
  /** Milliseconds that never run backwards, from any origin. For durations and limits. */
  monotonic(): number;
  /** Calls back once, after at least so long. */
  setTimeout(callback: () => void, delayMs: number): TimerHandle;
  /** Takes a timer back; one that has fired, or no timer, does no harm. */
  clearTimeout(handle: TimerHandle): void;
}

/** A timer set for longer than this (24.8 days) would fire at once on the platforms we know. */
export const LONGEST_TIMER_MS: number = 2 ** 31 - 1;

/** The platform's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, delayMs) => globalThis.setTimeout(callback, delayMs),
  // The handle came from the line above, so it is whatever this platform's clearTimeout takes.
  clearTimeout: (handle) => globalThis.clearTimeout(handle as Parameters<typeof globalThis.clearTimeout>[0]),
};
