import type { Clock } from "@babylon/llm-core";
import { startBackgroundTimer } from "@babylon/storage/time";

/** Input of {@link createPoller}. */
export interface PollerOptions {
  /** `null`: never. */
  readonly everyMs: number | null;
  readonly clock: Clock;
  isNeeded(): boolean;
  poll(): void;
}

/** Polls at an interval for as long as polling is needed. */
export interface Poller {
  /** Schedules the next poll if polling is needed. A scheduled poll keeps its time, so that reconnect attempts do not postpone it. */
  start(): void;
  close(): void;
}

export function createPoller({ everyMs, clock, isNeeded, poll }: PollerOptions): Poller {
  let isScheduled = false;
  let closed = false;
  let cancel = () => {};

  function start(): void {
    if (everyMs === null || closed || isScheduled || !isNeeded()) return;
    isScheduled = true;
    cancel = startBackgroundTimer(clock, everyMs, () => {
      isScheduled = false;
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
