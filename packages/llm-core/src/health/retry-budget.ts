import type { Clock } from "../contract/clock.ts";
import type { LinkRef } from "../contract/link.ts";
import { linkKey } from "./link-key.ts";

const SECONDS = 10;
/** Retries per ten seconds that each link may have at least. */
const FLOOR = 3;
/** Above that: share of the requests of the last ten seconds. */
const SHARE = 0.1;
/** Number of links from which those without a request in the window are dropped. */
const SWEEP_AT = 1_000;

/** Limits the retries of a link to a tenth of its requests of the last ten seconds, at least three. */
export interface RetryBudget {
  /** Counts a request (first or retry) at a time of the monotonic clock. */
  count(link: LinkRef, nowMonoMs: number): void;
  /** Whether one more retry is allowed for the link. */
  has(link: LinkRef): boolean;
  /** Takes one retry; `false` if none is left. */
  take(link: LinkRef): boolean;
}

/** Counts of one link per second. */
interface Window {
  /** The latest second with a count. */
  second: number;
  requests: number;
  retries: number;
  readonly requestsBySecond: number[];
  readonly retriesBySecond: number[];
}

const createWindow = (second: number): Window => ({
  second,
  requests: 0,
  retries: 0,
  requestsBySecond: new Array<number>(SECONDS).fill(0),
  retriesBySecond: new Array<number>(SECONDS).fill(0),
});

/** Drops counts older than the window. */
function moveTo(window: Window, second: number): void {
  const passed = Math.min(SECONDS, second - window.second);
  for (let step = 1; step <= passed; step += 1) {
    const at = (second - passed + step) % SECONDS;
    window.requests -= window.requestsBySecond[at] ?? 0;
    window.retries -= window.retriesBySecond[at] ?? 0;
    window.requestsBySecond[at] = 0;
    window.retriesBySecond[at] = 0;
  }
  window.second = second;
}

const hasLeft = ({ requests, retries }: Window): boolean => retries + 1 <= Math.max(FLOOR, requests * SHARE);

/** Creates a budget without requests. */
export function createRetryBudget(clock: Clock): RetryBudget {
  const windows = new Map<string, Window>();

  function windowOf(link: LinkRef, nowMonoMs: number = clock.monotonic()): Window {
    const second = Math.floor(nowMonoMs / 1_000);
    const key = linkKey(link);
    let window = windows.get(key);
    if (window === undefined) {
      if (windows.size >= SWEEP_AT) {
        for (const [old, { second: last }] of windows) if (second - last >= SECONDS) windows.delete(old);
      }
      window = createWindow(second);
      windows.set(key, window);
    } else if (window.second < second) moveTo(window, second);
    return window;
  }

  return {
    count(link, nowMonoMs) {
      const window = windowOf(link, nowMonoMs);
      const at = window.second % SECONDS;
      window.requests += 1;
      window.requestsBySecond[at] = (window.requestsBySecond[at] ?? 0) + 1;
    },
    has: (link) => hasLeft(windowOf(link)),
    take(link) {
      const window = windowOf(link);
      if (!hasLeft(window)) return false;
      const at = window.second % SECONDS;
      window.retries += 1;
      window.retriesBySecond[at] = (window.retriesBySecond[at] ?? 0) + 1;
      return true;
    },
  };
}
