import type { Ledger } from "@babylon/shared-state";
import type { MatchedRule } from "../rules/compiled-budget.ts";
import type { PeriodWindow } from "../windows/period-windows.ts";

/** The sums of the earlier steps of rolling periods. Nothing can be reserved in them any more: they change only by settles. */
export interface ClosedSteps {
  /** The sum of the steps before a window; 0 for other periods. `null`: it has to be loaded. */
  sumBefore(rule: MatchedRule, window: PeriodWindow): number | null;
  /** The part of that sum that is held, and may be given back. */
  heldBefore(rule: MatchedRule, window: PeriodWindow): number;
  /** Reads the steps before a window again. Rejects with a `StorageError`. */
  reload(rule: MatchedRule, window: PeriodWindow): Promise<void>;
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
  readonly held: number;
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
        const held = sums.reduce((total, one) => total + one.held, 0);
        const sum = sums.reduce((total, { spent, presumed }) => total + spent + presumed, held);
        loaded.delete(series);
        loaded.set(series, { startEpochMs, sum, held, atMonoMs: monotonic() });
        for (const oldest of loaded.keys()) {
          if (loaded.size <= MAX_SERIES) break;
          loaded.delete(oldest);
        }
      })
      .finally(() => loading.delete(id));
    loading.set(id, work);
    return work;
  }

  function find({ series }: MatchedRule, { startEpochMs }: PeriodWindow): Loaded | undefined {
    const known = loaded.get(series);
    return known?.startEpochMs === startEpochMs ? known : undefined;
  }

  return {
    sumBefore(rule, window) {
      return rule.compiled.windows.stepsBefore === 0 ? 0 : (find(rule, window)?.sum ?? null);
    },
    heldBefore: (rule, window) => find(rule, window)?.held ?? 0,
    reload: read,
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

/** Where only the current step counts: what is known to be left has the earlier ones in it. */
export const NO_CLOSED_STEPS: ClosedSteps = {
  sumBefore: () => 0,
  heldBefore: () => 0,
  reload: async () => {},
  load: async () => {},
};
