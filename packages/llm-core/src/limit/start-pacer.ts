import type { Clock } from "../contract/clock.ts";

/** Attempts that begin without a pause count as one run; a pause is longer than this. */
const PAUSE_MS = 5;
/** How long a run may take before the event loop gets a turn. */
const RUN_MS = 25;

/** Under overload, when attempts have waited this long, runs are longer: the queue itself would use up deadlines. */
const MAX_WAIT_MS = 1_000;
/** How long a run of such attempts may take. */
const OVERDUE_RUN_MS = 40;

/** Spreads the starts of attempts over several turns of the event loop. */
export interface StartPacer {
  /** `null`: the attempt may start. Else it starts when the promise resolves. */
  turn(): Promise<void> | null;
}

/**
 * Thousands of calls that start or fall back at the same time would block the event loop until the last one has sent its request, and no
 * deadline could fire. After 25 ms without a pause, further starts wait for their turn: one turn of the event loop between every 25 ms of
 * starts, or 40 ms once they have waited for a second.
 */
export function createStartPacer(clock: Clock): StartPacer {
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
    const runMs = latestMono - first.sinceMono < MAX_WAIT_MS ? RUN_MS : OVERDUE_RUN_MS;
    if (latestMono - runStartedMono >= runMs) {
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
