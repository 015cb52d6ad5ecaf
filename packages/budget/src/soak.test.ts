import { expect, it } from "vitest";
import { expectSettled } from "./test-support/soak/expect-settled.ts";
import { runBudgetSoak } from "./test-support/soak/run-budget-soak.ts";

it("600 calls in all ways and with faults: nothing stays held, and what was spent is the bill", async () => {
  const report = await runBudgetSoak({ calls: 600, concurrency: 60, url: "memory://", random: Math.random });
  expectSettled(report);
  expect(report.outcomes).toMatchObject({ success: expect.any(Number), failed: expect.any(Number) });
}, 60_000);
