import { expect } from "vitest";
import { describeOnEngines } from "./describe-on-engines.ts";
import { runSharedConcurrency, unexplained } from "./shared-concurrency.ts";

const PROCESSES = 8;
const LIMIT = 20;

/** How long the leases of a client last without a renewal. */
const LEASE_MS = 15_000;

const HELD_MS = 22_000;

describeOnEngines(
  "eight processes in 60 s: no 21st call but from one that was stopped for longer than its leases; each has its share",
  180_000,
  async (state) => {
    const report = await runSharedConcurrency({
      state,
      processes: PROCESSES,
      limit: LIMIT,
      runMs: 60_000,
      frozenMs: 20_000,
      heldMs: HELD_MS,
    });
    const { answered, refusedAt, awayAt, frozenAt, mostOfOthers } = report;
    console.info("answered", answered, "one too many", refusedAt.length, "without an answer", awayAt.length);
    expect(mostOfOthers).toBeLessThanOrEqual(LIMIT);
    // Its leases ended while its calls went on at the vendor, so others had its slots: until these calls ended.
    for (const at of unexplained(report)) {
      expect(at - frozenAt).toBeGreaterThan(LEASE_MS / 2);
      expect(at - frozenAt).toBeLessThan(HELD_MS + 5_000);
    }
    // The first one makes calls that take 150 times as long, and was stopped.
    const others = answered.slice(1);
    const all = others.reduce((sum, one) => sum + one, 0);
    for (const one of others) expect(one / all).toBeGreaterThan(0.05);
    expect(answered[0]).toBeGreaterThan(0);
  },
);
