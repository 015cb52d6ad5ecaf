import type { Clock } from "../contract/clock.ts";

/** Attempts that begin without a pause count as one run; a pause is longer than this. */
const PAUSE_MS = 5;
/** How long a run may take before the event loop gets a turn. */
const RUN_MS = 25;

/** An attempt that has waited this long starts immediately: under overload, a longer queue would only use up deadlines. */
const MAX_WAIT_MS = 1_000;

/** Spreads the starts of attempts over several turns of the event loop. */
export interface StartPacer {
  /** `null`: the attempt may start. Else it starts when the promise resolves. */
  turn(): Promise<void> | null;
}

/**
 * Thousands of calls that start or fall back at the same time would block the event loop until the last one has sent its request, and no
 * deadline could fire. After 25 ms without a pause, further starts are queued for up to 1 s.
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
    if (latestMono - runStartedMono >= RUN_MS && latestMono - first.sinceMono < MAX_WAIT_MS) {
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
