import type { Clock } from "@babylon/llm-core";

/** A limit on how often something may be done. */
export interface RateLimit {
  /** Takes one permit. Returns 0, or the milliseconds until the next one. */
  take(): number;
}

/** A token bucket of `perMinute` that fills evenly. */
export function createRateLimit(perMinute: number, clock: Clock): RateLimit {
  const fillMs = 60_000 / perMinute;
  let left = perMinute;
  let at = clock.monotonic();
  return {
    take() {
      const now = clock.monotonic();
      left = Math.min(perMinute, left + (now - at) / fillMs);
      at = now;
      if (left < 1) return Math.ceil((1 - left) * fillMs);
      left -= 1;
      return 0;
    },
  };
}
