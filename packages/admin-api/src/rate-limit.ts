import type { Clock } from "@babylon/llm-core";

/** A limit on how often something may be done. */
export interface RateLimit {
  /** Takes one permit. Returns 0, or the milliseconds until the next one. */
  take(): number;
}

/** A token bucket of `perMinute` that fills evenly. */
export function createRateLimit(perMinute: number, clock: Clock): RateLimit {
  const fillMs = 60_000 / perMinute;
  let remaining = perMinute;
  let at = clock.monotonic();
  return {
    take() {
      const now = clock.monotonic();
      remaining = Math.min(perMinute, remaining + (now - at) / fillMs);
      at = now;
      if (remaining < 1) return Math.ceil((1 - remaining) * fillMs);
      remaining -= 1;
      return 0;
    },
  };
}
