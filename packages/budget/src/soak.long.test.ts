import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSeededRandom } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { isServerMissing } from "../../settings-store/src/test-support/is-server-missing.ts";
import { startPostgres } from "../../settings-store/src/test-support/start-postgres.ts";
import { startRedis } from "../../settings-store/src/test-support/start-redis.ts";
import { expectSettled } from "./test-support/soak/expect-settled.ts";
import { runBudgetSoak } from "./test-support/soak/run-budget-soak.ts";

const HOUR_MS = 3_600_000;

/** Calls on the two engines that sync or lock: with `FULL_TIMINGS=1` as many as on the others. */
const CALLS = process.env.FULL_TIMINGS === "1" ? 20_000 : 5_000;

describe("calls in all ways and with faults: nothing stays held, and what was spent is the bill", () => {
  it("20,000 calls in one process", async () => {
    const random = createSeededRandom(1);
    const report = await runBudgetSoak({ calls: 20_000, concurrency: 200, url: "memory://", random });
    expectSettled(report);
    expect(report.hedges).toBeGreaterThan(0);
    expect(
      Math.min(report.outcomes.aborted ?? 0, report.outcomes.cancelled ?? 0, report.outcomes.failed ?? 0),
    ).toBeGreaterThan(0);
  }, 900_000);

  it(`${CALLS} calls in an SQLite file`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "budget-"));
    try {
      const url = `sqlite://${join(folder, "state.db")}`;
      expectSettled(await runBudgetSoak({ calls: CALLS, concurrency: 200, url, random: createSeededRandom(2) }));
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 900_000);

  it.skipIf(isServerMissing("redis"))(
    "20,000 calls on Redis, by a client whose clock is an hour slow",
    async () => {
      const server = await startRedis();
      try {
        const random = createSeededRandom(3);
        const clockOffMs = -HOUR_MS;
        expectSettled(await runBudgetSoak({ calls: 20_000, concurrency: 200, url: server.url, random, clockOffMs }));
      } finally {
        await server.stop();
      }
    },
    900_000,
  );

  it.skipIf(isServerMissing("postgres"))(
    `${CALLS} calls on Postgres, by a client whose clock is an hour fast`,
    async () => {
      const server = await startPostgres();
      try {
        const random = createSeededRandom(4);
        const clockOffMs = HOUR_MS;
        expectSettled(await runBudgetSoak({ calls: CALLS, concurrency: 200, url: server.url, random, clockOffMs }));
      } finally {
        await server.stop();
      }
    },
    900_000,
  );
});
