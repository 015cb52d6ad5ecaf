import { expect } from "vitest";
import { describeOnEngines } from "./describe-on-engines.ts";
import { runSharedConcurrency, unexplained } from "./shared-concurrency.ts";

const PROCESSES = 8;
const LIMIT = 20;

describeOnEngines(
  "eight processes against a simulator that allows 20 calls: never a 21st, also while one is stopped for less than its leases",
  120_000,
  async (state) => {
    const report = await runSharedConcurrency({
      state,
      processes: PROCESSES,
      limit: LIMIT,
      runMs: 8_000,
      frozenMs: 2_000,
      heldMs: 0,
    });
    const { answered, awayAt, mostOfOthers } = report;
    expect(unexplained(report)).toEqual([]);
    if (awayAt.length === 0) expect(mostOfOthers).toBeLessThanOrEqual(LIMIT);
    const all = answered.reduce((sum, one) => sum + one, 0);
    // Of eight seconds, the first one was stopped for two.
    for (const one of answered) expect(one / all).toBeGreaterThan(0.04);
    expect(all).toBeGreaterThan(100);
  },
);
