import type { Clock } from "@babylon/llm-core";
import { startBackgroundTimer } from "@babylon/storage/time";

/** What regular asking needs. */
export interface PollerOptions {
  /** `null`: never. */
  readonly everyMs: number | null;
  readonly clock: Clock;
  isNeeded(): boolean;
  poll(): void;
}

/** Asks regularly, for as long as that is needed. */
export interface Poller {
  /** Begins where asking is needed. A poll that is due already stays where it is: attempts to connect must not put it off. */
  start(): void;
  close(): void;
}

export function createPoller({ everyMs, clock, isNeeded, poll }: PollerOptions): Poller {
  let isDue = false;
  let closed = false;
  let cancel = () => {};

  function start(): void {
    if (everyMs === null || closed || isDue || !isNeeded()) return;
    isDue = true;
    cancel = startBackgroundTimer(clock, everyMs, () => {
      isDue = false;
      if (isNeeded()) poll();
      start();
    });
  }

  return {
    start,
    close() {
      closed = true;
      cancel();
    },
  };
}
