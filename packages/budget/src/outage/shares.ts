import type { KnownWindows } from "../ledger/known-windows.ts";
import type { Target } from "../ledger/target.ts";

/** What this process may use of each window while the ledger is away. */
export interface Shares {
  /** Takes the amounts of all targets, or returns the first that does not fit, with what is left of its share; `null`: not known. */
  take(targets: readonly Target[]): ShareRefusal | null;
  /** As `take`, without taking anything. */
  check(targets: readonly Target[]): ShareRefusal | null;
  /** Gives back what a settled attempt did not use; less than 0: it used more. */
  add(leftKey: string, difference: number): void;
  /** The windows that were used. */
  used(): readonly string[];
  /** What is left of the share of a window; `undefined`: it was not used. */
  left(leftKey: string): number | undefined;
}

/** A window whose share is used up. */
export interface ShareRefusal {
  readonly target: Target;
  readonly left: number | null;
}

/**
 * Creates the shares at the start of an outage: what was left at the last answer, divided by the processes that were seen alive. A window
 * that began since the last answer has its whole limit to divide. Of other windows nothing is known.
 */
export function createShares(known: KnownWindows, processes: number): Shares {
  const lefts = new Map<string, number>();
  const lastAnswerEpochMs = known.latestEpochMs();

  function shareOf({ leftKey, window, compiled }: Target): number | null {
    const taken = lefts.get(leftKey);
    if (taken !== undefined) return taken;
    if (lastAnswerEpochMs === null) return null;
    const seen = known.get(leftKey);
    if (seen !== undefined) return Math.floor(Math.max(0, seen.left) / processes);
    const isNew =
      compiled.windows.stepsBefore === 0 && window.endEpochMs !== null && window.startEpochMs > lastAnswerEpochMs;
    return isNew ? Math.floor(compiled.limit / processes) : null;
  }

  function check(targets: readonly Target[]): ShareRefusal | null {
    for (const target of targets) {
      if (!target.compiled.refuses) continue;
      const left = shareOf(target);
      if (left === null || target.amount > left) return { target, left };
    }
    return null;
  }

  return {
    check,
    take(targets) {
      const refusal = check(targets);
      if (refusal !== null) return refusal;
      for (const target of targets) lefts.set(target.leftKey, (shareOf(target) ?? 0) - target.amount);
      return null;
    },
    add(leftKey, difference) {
      const left = lefts.get(leftKey);
      if (left !== undefined) lefts.set(leftKey, left + difference);
    },
    used: () => [...lefts.keys()],
    left: (leftKey) => lefts.get(leftKey),
  };
}
