import type { Clock } from "../clock.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { Slot } from "../limit/concurrency-limiter.ts";
import type { AttemptEnd, RaceEntry } from "./run-attempt.ts";

interface Race {
  enter(): RaceEntry;
  /** Calls back when the first has shown life, or one has won: there is no need for another. */
  onDecided(callback: () => void): void;
}

/** Attempts that race for the first answer; whoever claims it first wins and the others are cancelled. */
function createRace(): Race {
  let winner: RaceEntry | null = null;
  let decided = (): void => {};
  const cancels = new Map<RaceEntry, () => void>();

  return {
    enter() {
      const leads = cancels.size === 0;
      const entry: RaceEntry = {
        leads,
        get won() {
          return winner === entry;
        },
        claim() {
          if (winner !== null) return winner === entry;
          winner = entry;
          decided();
          for (const [other, cancel] of cancels) if (other !== entry) cancel();
          return true;
        },
        showsLife() {
          if (leads) decided();
        },
        onLost: (cancel) => void cancels.set(entry, cancel),
      };
      cancels.set(entry, () => {});
      return entry;
    },
    onDecided(callback) {
      decided = callback;
    },
  };
}

/** How a hedged attempt ended: the end that counts, and whose it is. */
export interface HedgedEnd<T> {
  readonly end: Exclude<AttemptEnd<T>, { type: "cancelled" }>;
  readonly bySecond: boolean;
  /** Of the first link, where both failed or only the second served. */
  readonly firstError: LLMError | null;
}

/** The two links of a hedge. */
export interface HedgePlan<T> {
  readonly delayMs: number;
  readonly clock: Clock;
  runFirst(entry: RaceEntry): Promise<AttemptEnd<T>>;
  /** A slot for the second link at once, or `null`: a queue is no place for a hedge. */
  admitSecond(): Slot | null;
  runSecond(entry: RaceEntry): Promise<AttemptEnd<T>>;
}

/**
 * Runs an attempt, and beside it one on the next link when it has shown no sign of life after the delay. The first answer wins; the
 * other attempt is cancelled. Fails only when the call is interrupted.
 */
export async function runHedged<T>(plan: HedgePlan<T>): Promise<HedgedEnd<T>> {
  const { clock, delayMs } = plan;
  const race = createRace();
  const first = plan.runFirst(race.enter());
  const slow = await new Promise<boolean>((resolve) => {
    const timer = clock.setTimeout(() => resolve(true), delayMs);
    const settle = () => {
      clock.clearTimeout(timer);
      resolve(false);
    };
    race.onDecided(settle);
    first.then(settle, settle);
  });

  const slot = slow ? plan.admitSecond() : null;
  const second = slot === null ? null : plan.runSecond(race.enter()).finally(() => slot.release());
  const [firstEnd, secondEnd] = await Promise.all([first, second]);
  if (secondEnd === null || secondEnd.type === "cancelled") {
    if (firstEnd.type === "cancelled") throw new Error("a race without a rival has no loser");
    return { end: firstEnd, bySecond: false, firstError: null };
  }
  if (firstEnd.type === "served") return { end: firstEnd, bySecond: false, firstError: null };
  return { end: secondEnd, bySecond: true, firstError: firstEnd.type === "failed" ? firstEnd.error : null };
}
