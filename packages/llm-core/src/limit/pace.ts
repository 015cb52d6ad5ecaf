import type { Clock } from "../contract/clock.ts";

/** Attempts that begin without a pause count as one run; a pause is longer than this. */
const PAUSE_MS = 5;
/** How long a run may take before the event loop gets a turn. */
const RUN_MS = 25;

/** What has waited for so long begins at once: with more to do than there is time for, a queue would only use up deadlines. */
const MOST_WAIT_MS = 1_000;

/** Spreads the beginnings of attempts over turns of the event loop. */
export interface Pace {
  /** `null`: the attempt may begin. Else it begins when the promise resolves. */
  turn(): Promise<void> | null;
}

/**
 * Thousands of calls that begin, or go on to their next link, in one moment would hold the event loop until the last of them has sent its
 * request: no deadline of any call would be seen meanwhile. After 25 ms without a pause the rest waits for its turn, for up to 1 s.
 */
export function createPace(clock: Clock): Pace {
  let runStartedMono = Number.NEGATIVE_INFINITY;
  let latestMono = Number.NEGATIVE_INFINITY;
  /** In the order in which they came; those before `next` have begun. */
  let waiting: { readonly begin: () => void; readonly sinceMono: number }[] = [];
  let next = 0;

  function proceed(): void {
    runStartedMono = clock.monotonic();
    beginNext();
  }

  /** What an attempt does when it begins is done in microtasks: the time is looked at between them. */
  function beginNext(): void {
    latestMono = clock.monotonic();
    const first = waiting[next];
    if (first === undefined) {
      waiting = [];
      next = 0;
      return;
    }
    if (latestMono - runStartedMono >= RUN_MS && latestMono - first.sinceMono < MOST_WAIT_MS) {
      clock.setTimeout(proceed, 0);
      return;
    }
    next += 1;
    first.begin();
    queueMicrotask(beginNext);
  }

  return {
    turn() {
      if (waiting.length === 0) {
        const now = clock.monotonic();
        if (now - latestMono > PAUSE_MS) runStartedMono = now;
        latestMono = now;
        if (now - runStartedMono < RUN_MS) return null;
        clock.setTimeout(proceed, 0);
      }
      return new Promise((begin) => void waiting.push({ begin, sinceMono: clock.monotonic() }));
    },
  };
}
