import type { Slot } from "../limit/concurrency-limiter.ts";
import type { AttemptEnd } from "./attempt/attempt-input.ts";
import { attemptOn } from "./attempt/attempt-on.ts";
import type { Rival } from "./rival.ts";
import { linkAt, noteFailure, type Walk } from "./walk.ts";

/** Minimum number of first-token times of a link for their quantile to be used. */
const HEDGE_SAMPLES = 10;

interface Race {
  enter(): Rival;
  /** Whether an attempt has won. */
  isOver(): boolean;
  /** Calls back when the first attempt has sent a part, or one has won: no hedge is needed. */
  onDecided(callback: () => void): void;
}

/** Attempts that race for the first answer: the first to claim it wins, the others are cancelled. */
function createRace(): Race {
  let winner: Rival | null = null;
  let decided = (): void => {};
  const cancels = new Map<Rival, () => void>();

  return {
    enter() {
      const leads = cancels.size === 0;
      const entry: Rival = {
        leads,
        hasWon: () => winner === entry,
        claim() {
          if (winner !== null) return winner === entry;
          winner = entry;
          decided();
          for (const [other, cancel] of cancels) if (other !== entry) cancel();
          return true;
        },
        noteReasoning() {
          if (leads) decided();
        },
        onLost: (cancel) => void cancels.set(entry, cancel),
      };
      cancels.set(entry, () => {});
      return entry;
    },
    isOver: () => winner !== null,
    onDecided(callback) {
      decided = callback;
    },
  };
}

/** Delay after which the next link is started in parallel, milliseconds; `null`: no hedge. */
export function hedgeDelayMs(walk: Walk<unknown>): number | null {
  const { engine, form, output, hedge, links, index } = walk;
  if (hedge === null || !form.mayRace || walk.recoveryWait !== null) return null;
  const next = links[index + 1];
  if (next === undefined || output.isCommitted || engine.breaker.read(next.resolved.ref).state !== "closed") {
    return null;
  }
  const { ref } = linkAt(walk, index).resolved;
  const usualMs = engine.stats.firstTokenQuantile(ref, hedge.quantile, HEDGE_SAMPLES);
  return usualMs === null ? null : Math.max(hedge.minDelayMs, usualMs);
}

/**
 * Makes an attempt on the current link, and one on the next link in parallel if the first has sent nothing after the delay. The first
 * answer wins; the other attempt is cancelled. The walk's current link becomes that of the returned end. Rejects only if the call is
 * interrupted.
 */
export async function attemptHedged<T>(walk: Walk<T>, slot: Slot, delayMs: number): Promise<AttemptEnd<T>> {
  const { engine, call, index } = walk;
  const race = createRace();
  const run = async (at: number, own: Slot): Promise<AttemptEnd<T>> => {
    try {
      return await attemptOn(walk, at, own, race.enter());
    } finally {
      own.release();
    }
  };
  let firstEnded = false;
  const first = run(index, slot).finally(() => {
    firstEnded = true;
  });
  const isSlow = await new Promise<boolean>((resolve) => {
    const timer = engine.clock.setTimeout(() => resolve(true), delayMs);
    const settle = () => {
      engine.clock.clearTimeout(timer);
      resolve(false);
    };
    race.onDecided(settle);
    first.then(settle, settle);
  });

  // A hedge is not queued: it starts immediately or not at all.
  const { provider, ref } = linkAt(walk, index + 1).resolved;
  const { agent = null } = call.options;
  const secondSlot = isSlow ? await engine.limiterOf(provider, ref).tryAcquire({ agent }) : null;
  const isNeeded = !firstEnded && !race.isOver();
  if (!isNeeded) secondSlot?.release();
  const [firstEnd, secondEnd] = await Promise.all([
    first,
    secondSlot === null || !isNeeded ? null : run(index + 1, secondSlot),
  ]);
  if (secondEnd === null || secondEnd.type === "cancelled" || firstEnd.type === "served") return firstEnd;
  // A hedge that a gate refused counts as not made.
  if (secondEnd.type === "failed" && secondEnd.error.code === "budget") return firstEnd;
  if (firstEnd.type === "failed") noteFailure(walk, linkAt(walk, index), firstEnd.error);
  walk.index += 1;
  walk.retries = 0;
  walk.lastLink = linkAt(walk, walk.index);
  return secondEnd;
}
