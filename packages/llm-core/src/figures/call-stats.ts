import type { CallRecord } from "../contract/call-record.ts";
import type { Clock } from "../contract/clock.ts";
import type { Figures, Windows } from "../contract/figures.ts";
import { createRecentCalls, mapWindows } from "./recent-calls.ts";
import { toFigures } from "./tally.ts";

/** Figures of whole calls over all links. Calls aborted by their caller are not counted. */
export interface CallFigures extends Figures {
  /** Calls served by another provider than the first of the healthy chain. */
  readonly fallbacks: number;
}

/** Consecutive calls without an answer. */
export interface LossStreak {
  readonly calls: number;
  /** When the first of them began, or when the last call was served if that was later; epoch milliseconds. */
  readonly sinceEpochMs: number;
}

/** Counts the calls of a client. */
export interface CallStats {
  /** @param isFallback - served by another provider than the first of the healthy chain */
  add(record: CallRecord, isFallback: boolean): void;
  figures(): Windows<CallFigures>;
  /** `null`: the last call was served, or there was no call. */
  losses(): LossStreak | null;
}

/** Whether a call ended without an answer and was not aborted by its caller. */
export const isUnserved = ({ outcome }: Pick<CallRecord, "outcome">): boolean =>
  outcome === "failed" || outcome === "interrupted";

/** Creates empty statistics. */
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
