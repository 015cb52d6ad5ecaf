import { describe, expect, it, onTestFinished } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import { openSharedState } from "../open-shared-state.ts";
import { describeFailover } from "../test-support/describe-failover.ts";
import { startRedisPair } from "../test-support/start-redis-pair.ts";

describe.skipIf(isServerMissing("redis"))("failover of Redis", () => {
  describeFailover("a Redis", startRedisPair);

  it("a replica that is not promoted yet counts as away", async () => {
    const pair = await startRedisPair();
    const one = await openSharedState({ url: pair.url, timeoutMs: 2_000 });
    onTestFinished(async () => {
      await one.close();
      await pair.stop();
    });
    await one.ledger.status(["day"]);
    await pair.failOver();
    await one.ledger.status(["day"]).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const scopes = [{ key: "day", limit: 1_000, endsInMs: 3_600_000 }];
    await expect(one.ledger.reserve({ id: "a", scopes, amount: 1, leaseMs: 1_000 })).rejects.toMatchObject({
      code: "unavailable",
      applied: "no",
    });
  });
});
