import { type Clock, systemClock } from "@babylon/llm-core";

/** The system's clock, with a wall time that is wrong. */
export function wrongClock(errorMs: number): Clock {
  return { ...systemClock, now: () => systemClock.now() + errorMs };
}
