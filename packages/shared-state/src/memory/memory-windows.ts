import { KEEP_ENDED_WINDOW_MS } from "../contract/retention.ts";
import type { EngineEnd } from "../contract/state-engine.ts";

/** A window and its sums. */
export interface MemoryWindow {
  spent: number;
  presumed: number;
  held: number;
  endEpochMs: number | null;
}

/** The windows of a store. */
export interface MemoryWindows {
  get(key: string): MemoryWindow | undefined;
  /** The window of a key, created if there is none. Of two ends the later one counts. */
  open(key: string, end: EngineEnd, nowEpochMs: number): MemoryWindow;
}

const SWEEP_EVERY_MS = 60_000;

/** Creates windows that are deleted some time after their end. */
export function createMemoryWindows(): MemoryWindows {
  const windows = new Map<string, MemoryWindow>();
  let nextSweepEpochMs = 0;

  function sweep(nowEpochMs: number): void {
    if (nowEpochMs < nextSweepEpochMs) return;
    nextSweepEpochMs = nowEpochMs + SWEEP_EVERY_MS;
    for (const [key, { endEpochMs }] of windows) {
      if (endEpochMs !== null && endEpochMs + KEEP_ENDED_WINDOW_MS < nowEpochMs) windows.delete(key);
    }
  }

  return {
    get: (key) => windows.get(key),
    open(key, { endEpochMs, endsInMs }, nowEpochMs) {
      const end = endEpochMs ?? (endsInMs === null ? null : nowEpochMs + endsInMs);
      const known = windows.get(key);
      if (known !== undefined) {
        if (known.endEpochMs !== null && (end === null || end > known.endEpochMs)) known.endEpochMs = end;
        return known;
      }
      sweep(nowEpochMs);
      const window = { spent: 0, presumed: 0, held: 0, endEpochMs: end };
      windows.set(key, window);
      return window;
    },
  };
}
