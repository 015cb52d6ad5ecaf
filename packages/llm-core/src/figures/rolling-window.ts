import { addToTally, type CountedCall, createTally, subtractTally, type Tally } from "./tally.ts";

/**
 * Counts the calls of the last `spanMs` in time slices. A call is dropped with its slice: it counts for at most the span, and for at least
 * the span minus one slice.
 */
export interface RollingWindow {
  /** O(1). */
  add(call: CountedCall, nowMonoMs: number): void;
  /** The tally of all calls of the window. Always the same object: valid until the next `add` or `read`. */
  read(nowMonoMs: number): Tally;
}

interface Slice {
  /** Index of the slice since time 0 of the clock. */
  readonly number: number;
  readonly tally: Tally;
}

/** Creates an empty window of `spanMs`, divided into `slices`. */
export function createRollingWindow(spanMs: number, slices: number): RollingWindow {
  const sliceMs = spanMs / slices;
  let total = createTally();
  /** Oldest first, without empty slices. */
  let current: Slice[] = [];

  /** Drops the slices that have left the window, and returns the number of the current slice. */
  function moveTo(nowMonoMs: number): number {
    const now = Math.floor(nowMonoMs / sliceMs);
    const latest = current.at(-1);
    if (latest !== undefined && latest.number - now >= slices) {
      // The clock was set back by more than the window: the old counts have no valid time.
      current = [];
      total = createTally();
      return now;
    }
    for (let oldest = current[0]; oldest !== undefined && now - oldest.number >= slices; oldest = current[0]) {
      current.shift();
      subtractTally(total, oldest.tally);
    }
    // Frees the memory of the empty tally.
    if (current.length === 0 && latest !== undefined) total = createTally();
    // The clock was set back a little: keep the latest slice until the clock has caught up.
    return Math.max(now, latest?.number ?? now);
  }

  return {
    add(call, nowMonoMs) {
      const number = moveTo(nowMonoMs);
      let slice = current.at(-1);
      if (slice?.number !== number) {
        slice = { number, tally: createTally() };
        current.push(slice);
      }
      addToTally(slice.tally, call);
      addToTally(total, call);
    },
    read(nowMonoMs) {
      moveTo(nowMonoMs);
      return total;
    },
  };
}
