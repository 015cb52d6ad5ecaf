import type { WindowName, Windows } from "../contract/figures.ts";
import { createRollingWindow, type RollingWindow } from "./rolling-window.ts";
import { type EndedCall, type Tally, toCountedCall } from "./tally.ts";

/** Counts calls in all windows. */
export interface RecentCalls {
  add(call: EndedCall, nowMonoMs: number): void;
  /** The calls of a window: to be read at once. */
  tally(window: WindowName, nowMonoMs: number): Tally;
}

/** A window of slices of 5 s, 15 s and 5 min: each is read as at most its own span, and as at least eleven twelfths of it. */
const createWindows = (): Windows<RollingWindow> => ({
  lastMinute: createRollingWindow(60_000, 12),
  last5Minutes: createRollingWindow(300_000, 20),
  lastHour: createRollingWindow(3_600_000, 12),
});

/** No call yet. */
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

/** Makes something of each window. */
export function mapWindows<T>(make: (window: WindowName) => T): Windows<T> {
  return { lastMinute: make("lastMinute"), last5Minutes: make("last5Minutes"), lastHour: make("lastHour") };
}
