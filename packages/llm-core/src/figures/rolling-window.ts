import { addToTally, type CountedCall, createTally, subtractTally, type Tally } from "./tally.ts";

/**
 * The calls of the last so many milliseconds, counted by slices of time. A call leaves with its slice: it is counted for at most the
 * span, and for less than that by at most one slice.
 */
export interface RollingWindow {
  /** O(1), whatever the number of calls. */
  add(call: CountedCall, nowMonoMs: number): void;
  /** All calls of the window. The same object each time: to be read at once. */
  read(nowMonoMs: number): Tally;
}

interface Slice {
  /** Counts slices from the zero of the clock. */
  readonly number: number;
  readonly tally: Tally;
}

/** An empty window of `spanMs`, in so many slices. */
export function createRollingWindow(spanMs: number, slices: number): RollingWindow {
  const sliceMs = spanMs / slices;
  let total = createTally();
  /** Oldest first, without those in which nothing happened. */
  let kept: Slice[] = [];

  /** Drops the slices that are out of the window, and returns the number of the slice that is now. */
  function moveTo(nowMonoMs: number): number {
    const now = Math.floor(nowMonoMs / sliceMs);
    const latest = kept.at(-1);
    if (latest !== undefined && latest.number - now >= slices) {
      // A clock that ran back further than the window: what was counted cannot be placed any more.
      kept = [];
      total = createTally();
      return now;
    }
    for (let oldest = kept[0]; oldest !== undefined && now - oldest.number >= slices; oldest = kept[0]) {
      kept.shift();
      subtractTally(total, oldest.tally);
    }
    // The counts are gone, the room they took goes too.
    if (kept.length === 0 && latest !== undefined) total = createTally();
    // A clock that ran back a little: the time stands still until it has caught up.
    return Math.max(now, latest?.number ?? now);
  }

  return {
    add(call, nowMonoMs) {
      const number = moveTo(nowMonoMs);
      let slice = kept.at(-1);
      if (slice?.number !== number) {
        slice = { number, tally: createTally() };
        kept.push(slice);
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
