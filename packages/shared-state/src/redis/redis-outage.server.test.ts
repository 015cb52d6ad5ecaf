import { describe, expect, it } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import { startRedis } from "../../../settings-store/src/test-support/start-redis.ts";
import { openSharedState } from "../open-shared-state.ts";
import { describeOutage } from "../test-support/describe-outage.ts";
import { waitUntil } from "../test-support/wait-until.ts";

describe.skipIf(isServerMissing("redis"))("Redis", () => {
  describeOutage("a Redis", () => startRedis({ password: "secret-of-tests" }));

  it("has its sums again after it was restarted empty", async () => {
    const server = await startRedis();
    const state = await openSharedState({ url: server.url, timeoutMs: 2_000 });
    const scopes = [{ key: "day", limit: 100, endsInMs: 3_600_000 }];
    try {
      await state.ledger.reserve({ id: "a", scopes, amount: 60, leaseMs: 60_000 });
      await state.ledger.settle("a", { spent: 50, presumed: 10 });
      // Reserved before the outage, settled after it.
      await state.ledger.reserve({ id: "b", scopes, amount: 15, leaseMs: 60_000 });
      const { epoch } = state.status();
      await server.kill();
      await server.start();
      await state.ledger.status(["day"]).catch(() => {});
      const isComplete = () => state.status().connected && !state.status().recovering;
      await waitUntil("it is connected again, and has its sums", isComplete, 5_000);
      const refusal = await state.ledger.reserve({ id: "c", scopes, amount: 41, leaseMs: 60_000 });
      expect(refusal).toMatchObject({ ok: false, left: 40 });
      expect(state.status().epoch).not.toBe(epoch);
      const late = { scopes: [{ key: "day", spent: 12, presumed: 0, endsInMs: 3_600_000 }] };
      await state.ledger.settle("b", late);
      await state.ledger.settle("b", late);
      expect(await state.ledger.status(["day"])).toEqual([{ spent: 62, presumed: 10, held: 0 }]);
    } finally {
      await state.close();
      await server.stop();
    }
  });
});
