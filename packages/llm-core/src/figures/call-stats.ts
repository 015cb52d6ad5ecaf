import type { CallRecord } from "../contract/call-record.ts";
import type { Clock } from "../contract/clock.ts";
import type { Figures, Windows } from "../contract/figures.ts";
import { createRecentCalls, mapWindows } from "./recent-calls.ts";
import { toFigures } from "./tally.ts";

/** Figures of whole calls, whichever links they took. Calls that their caller aborted are not counted. */
export interface CallFigures extends Figures {
  /** Calls that another provider has served than the one that is first when all is well. */
  readonly fallbacks: number;
}

/** Calls that were lost one after the other, without one in between that was served. */
export interface LossStreak {
  readonly calls: number;
  /** When the first of them began, or the last call was served if that was later; epoch milliseconds. */
  readonly sinceEpochMs: number;
}

/** Counts the calls of a client. */
export interface CallStats {
  /** @param isFallback - served by another provider than the first of its chain when all is well */
  add(record: CallRecord, isFallback: boolean): void;
  figures(): Windows<CallFigures>;
  /** `null`: the last call was served, or there was none. */
  losses(): LossStreak | null;
}

/** Whether a call that was not aborted by its caller has ended without an answer. */
export const isLost = ({ outcome }: Pick<CallRecord, "outcome">): boolean =>
  outcome === "failed" || outcome === "interrupted";

/** No call yet. */
export function createCallStats(clock: Clock): CallStats {
  const recent = createRecentCalls();
  let losses: LossStreak | null = null;
  let lastServedEpochMs = 0;

  return {
    add(record, isFallback) {
      const { startedAt, outcome, durationMs, firstTokenMs } = record;
      if (outcome === "aborted") return;
      if (outcome === "success") {
        losses = null;
        lastServedEpochMs = clock.now();
      } else {
        losses = {
          calls: (losses?.calls ?? 0) + 1,
          sinceEpochMs: losses?.sinceEpochMs ?? Math.max(startedAt, lastServedEpochMs),
        };
      }
      const good = outcome === "success";
      recent.add({ good, fallback: good && isFallback, durationMs, firstTokenMs }, clock.monotonic());
    },
    figures() {
      const now = clock.monotonic();
      return mapWindows((window) => {
        const tally = recent.tally(window, now);
        return { ...toFigures(tally), fallbacks: tally.fallbacks };
      });
    },
    losses: () => losses,
  };
}
