import type { Ledger } from "@babylon/shared-state";
import type { MatchedRule } from "../rules/compiled-rule.ts";
import type { PeriodWindow } from "../windows/period-windows.ts";

/** The sums of the earlier steps of rolling periods. Nothing can be reserved in them any more: they change only by settles. */
export interface ClosedSteps {
  /** The sum of the steps before a window; 0 for other periods. `null`: it has to be loaded. */
  sumBefore(rule: MatchedRule, window: PeriodWindow): number | null;
  /** Reads what is missing at a moment, and what is older than a second, without waiting for that. Rejects with a `StorageError`. */
  load(rules: readonly MatchedRule[], epochMs: number): Promise<void>;
}

/** Options of {@link createClosedSteps}. */
export interface ClosedStepsOptions {
  readonly ledger: Pick<Ledger, "status">;
  readonly monotonic: () => number;
}

interface Loaded {
  readonly startEpochMs: number;
  readonly sum: number;
  readonly atMonoMs: number;
}

/** Holds in closed steps are settled, so the sums are read again after this time. */
const FRESH_MS = 1_000;

/** More series than this in use at once are read again and again. */
const MAX_SERIES = 10_000;

/** Creates the reader. */
export function createClosedSteps({ ledger, monotonic }: ClosedStepsOptions): ClosedSteps {
  const loaded = new Map<string, Loaded>();
  const loading = new Map<string, Promise<void>>();

  function read({ compiled, series }: MatchedRule, { startEpochMs }: PeriodWindow): Promise<void> {
    const id = `${series}${startEpochMs}`;
    const running = loading.get(id);
    if (running !== undefined) return running;
    const { stepsBefore, stepMs } = compiled.windows;
    const keys = Array.from({ length: stepsBefore }, (_, step) => `${series}${startEpochMs - (step + 1) * stepMs}`);
    const work = ledger
      .status(keys)
      .then((sums) => {
        const sum = sums.reduce((total, { spent, presumed, held }) => total + spent + presumed + held, 0);
        loaded.delete(series);
        loaded.set(series, { startEpochMs, sum, atMonoMs: monotonic() });
        for (const oldest of loaded.keys()) {
          if (loaded.size <= MAX_SERIES) break;
          loaded.delete(oldest);
        }
      })
      .finally(() => loading.delete(id));
    loading.set(id, work);
    return work;
  }

  return {
    sumBefore({ compiled, series }, { startEpochMs }) {
      if (compiled.windows.stepsBefore === 0) return 0;
      const known = loaded.get(series);
      return known?.startEpochMs === startEpochMs ? known.sum : null;
    },
    async load(rules, epochMs) {
      for (const rule of rules) {
        const { compiled, series } = rule;
        if (compiled.windows.stepsBefore === 0) continue;
        const window = compiled.windows.at(epochMs);
        const known = loaded.get(series);
        if (known?.startEpochMs !== window.startEpochMs) await read(rule, window);
        else if (monotonic() - known.atMonoMs > FRESH_MS) read(rule, window).catch(() => {});
      }
    },
  };
}
