import { slowness } from "@babylon/llm-testing/vitest";
import { expect, it } from "vitest";
import { isServerMissing } from "../../settings-store/src/test-support/is-server-missing.ts";
import type { RunningServer } from "../../settings-store/src/test-support/run-server.ts";
import { startPostgres } from "../../settings-store/src/test-support/start-postgres.ts";
import { startRedis } from "../../settings-store/src/test-support/start-redis.ts";
import type { SharedState } from "./contract/shared-state.ts";
import { openSharedState } from "./open-shared-state.ts";
import { measureReserves } from "./test-support/measure-reserves.ts";

async function withState(server: RunningServer, use: (state: SharedState) => Promise<void>): Promise<void> {
  const state = await openSharedState({ url: server.url, timeoutMs: 5_000 });
  try {
    await use(state);
  } finally {
    await state.close();
    await server.stop();
  }
}

it.skipIf(isServerMissing("redis"))("a reserve in a Redis on the loopback takes less than 0.3 ms", async () => {
  await withState(await startRedis(), async ({ ledger }) => {
    expect(await measureReserves(ledger, 500)).toBeLessThan(0.3 * slowness());
  });
});

it.skipIf(isServerMissing("postgres"))("a reserve in a Postgres on the loopback takes less than 1 ms", async () => {
  await withState(await startPostgres(), async ({ ledger }) => {
    expect(await measureReserves(ledger, 200)).toBeLessThan(slowness());
  });
});

it.skipIf(isServerMissing("postgres"))("a Postgres grants 1,000 reserves a second in one window", async () => {
  await withState(await startPostgres(), async ({ ledger }) => {
    const scopes = [{ key: "hot", limit: 1_000, endsInMs: 3_600_000 }];
    const startedAt = performance.now();
    let asked = 0;
    async function askOn(): Promise<number> {
      let granted = 0;
      while (asked < 1_500) {
        asked += 1;
        const answer = await ledger.reserve({ id: `r${asked}`, scopes, amount: 1, leaseMs: 600_000 });
        if (answer.ok) granted += 1;
      }
      return granted;
    }
    const granted = await Promise.all(Array.from({ length: 16 }, askOn));
    expect(granted.reduce((sum, one) => sum + one, 0)).toBe(1_000);
    expect(1_500 / ((performance.now() - startedAt) / 1_000)).toBeGreaterThan(1_000);
  });
});
