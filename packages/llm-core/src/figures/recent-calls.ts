import type { WindowName, Windows } from "../contract/figures.ts";
import { createRollingWindow, type RollingWindow } from "./rolling-window.ts";
import { type EndedCall, type Tally, toCountedCall } from "./tally.ts";

/** Counts calls in all windows. */
export interface RecentCalls {
  add(call: EndedCall, nowMonoMs: number): void;
  /** The calls of a window. Valid until the next `add`. */
  tally(window: WindowName, nowMonoMs: number): Tally;
}

/** Slices of 5 s, 15 s and 5 min: a window covers at most its span, and at least 11/12 of it. */
const createWindows = (): Windows<RollingWindow> => ({
  lastMinute: createRollingWindow(60_000, 12),
  last5Minutes: createRollingWindow(300_000, 20),
  lastHour: createRollingWindow(3_600_000, 12),
});

/** Creates empty windows. */
export function createRecentCalls(): RecentCalls {
  const windows = createWindows();
  return {
    add(ended, nowMonoMs) {
      const call = toCountedCall(ended);
      windows.lastMinute.add(call, nowMonoMs);
      windows.last5Minutes.add(call, nowMonoMs);
      windows.lastHour.add(call, nowMonoMs);
    },
    tally: (window, nowMonoMs) => windows[window].read(nowMonoMs),
  };
}

/** Creates a value for each window. */
export function mapWindows<T>(make: (window: WindowName) => T): Windows<T> {
  return { lastMinute: make("lastMinute"), last5Minutes: make("last5Minutes"), lastHour: make("lastHour") };
}
