import { type CallRecord, type Clock, invalidInput } from "@babylon/llm-core";

/** What shadow calls and judges may cost, in each process. */
export interface JudgingLimits {
  /** Shadow calls and questions to judges. Default 120. */
  readonly maxCallsPerHour?: number | undefined;
  /** Their cost. Calls of unknown cost are limited by `maxCallsPerHour` alone. Default 1. */
  readonly maxUsdPerDay?: number | undefined;
  /** Default 2. */
  readonly maxConcurrent?: number | undefined;
}

/** Counts what was used. */
export interface JudgingBudget {
  /** Takes calls from the budget. `false`: there is not enough left, and nothing was taken. */
  take(calls: number): boolean;
  /** Adds the cost of a call that has ended. */
  spend(record: CallRecord): void;
  readonly maxConcurrent: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Creates a budget. Throws `invalid_input` for limits that are not numbers of at least 0. */
export function createJudgingBudget(limits: JudgingLimits, clock: Clock): JudgingBudget {
  const { maxCallsPerHour = 120, maxUsdPerDay = 1, maxConcurrent = 2 } = limits;
  for (const [name, limit] of Object.entries({ maxCallsPerHour, maxUsdPerDay, maxConcurrent })) {
    if (!(limit >= 0)) throw invalidInput(`judging.${name}`, "a number of at least 0");
  }
  let [hour, calls] = [-1, 0];
  let [day, nanoUsd] = [-1, 0];

  function turnPages(): void {
    const now = clock.now();
    if (Math.floor(now / HOUR_MS) !== hour) [hour, calls] = [Math.floor(now / HOUR_MS), 0];
    if (Math.floor(now / DAY_MS) !== day) [day, nanoUsd] = [Math.floor(now / DAY_MS), 0];
  }

  return {
    maxConcurrent,
    take(count) {
      turnPages();
      if (calls + count > maxCallsPerHour || nanoUsd >= maxUsdPerDay * 1e9) return false;
      calls += count;
      return true;
    },
    spend({ cost }) {
      turnPages();
      nanoUsd += cost?.nanoUsd ?? cost?.highNanoUsd ?? cost?.lowNanoUsd ?? 0;
    },
  };
}
