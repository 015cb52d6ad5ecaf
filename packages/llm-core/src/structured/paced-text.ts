import type { Pace } from "./pace.ts";

/** Text on its way to a reader that may need time for it. */
export interface PacedText {
  /** Hands the text over: at once, or in turn where the reader has worked for long without a pause. */
  write(text: string): void;
  /** Resolves when all has been handed over; rejects with the call's interruption. */
  drained(): Promise<void>;
  /** Hands over what is left, at once. */
  drain(): void;
}

/** The most that is handed over without a look at the time, characters. */
const MOST_AT_ONCE = 32_768;

/** Nothing is on its way. */
export function createPacedText(read: (text: string) => void, pace: Pace): PacedText {
  let waiting: string[] = [];
  let draining: Promise<void> | null = null;

  /** Until a turn is due. */
  function handOver(): void {
    pace.begin();
    let passed = 0;
    while (passed < waiting.length && !pace.isDue()) {
      read(waiting[passed] ?? "");
      passed += 1;
    }
    waiting = waiting.slice(passed);
    pace.end();
  }

  async function goOn(): Promise<void> {
    while (waiting.length > 0) {
      await pace.turn();
      handOver();
    }
    draining = null;
  }

  return {
    write(text) {
      for (let at = 0; at < text.length; at += MOST_AT_ONCE) waiting.push(text.slice(at, at + MOST_AT_ONCE));
      if (draining !== null) return;
      handOver();
      if (waiting.length === 0) return;
      draining = goOn();
      // Who asks for the end of it hears of an interruption.
      draining.catch(() => {});
    },
    drained: () => draining ?? Promise.resolve(),
    drain() {
      const rest = waiting;
      waiting = [];
      pace.cutShort();
      for (const text of rest) read(text);
    },
  };
}
