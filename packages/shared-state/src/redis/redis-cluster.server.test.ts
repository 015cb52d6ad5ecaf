import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import {
  type RunningCluster,
  startRedisCluster,
} from "../../../settings-store/src/test-support/start-redis-cluster.ts";
import { openSharedState } from "../open-shared-state.ts";
import { describeSharedState } from "../test-support/describe-shared-state.ts";
import { urlTestEngine } from "../test-support/url-test-engine.ts";

describe.skipIf(isServerMissing("redis"))("shared state in a Redis Cluster", () => {
  let cluster: RunningCluster | undefined;
  beforeAll(async () => {
    cluster = await startRedisCluster({ password: "secret-of-tests" });
  });
  afterAll(() => cluster?.stop());

  const engine = urlTestEngine({
    name: "a Redis Cluster",
    url: () => (cluster?.urls ?? []).map((url, index) => (index === 0 ? url : new URL(url).host)).join(","),
    async empty() {
      for (const node of cluster?.urls.keys() ?? []) cluster?.command(node, "flushall");
    },
  });
  describeSharedState(engine);

  it.for([0, 1, 2])("is found by the URL of node %d", async (node) => {
    const state = await openSharedState({ url: cluster?.urls[node] ?? "", timeoutMs: 5_000 });
    try {
      expect(state.status()).toMatchObject({ connected: true });
      for (const key of ["a", "b", "c", "d"])
        expect(await state.slots.acquire(key, 100, 60_000)).toHaveProperty("renew");
      expect(await state.ledger.status(["unknown"])).toEqual([{ spent: 0, presumed: 0, held: 0 }]);
    } finally {
      await state.close();
    }
  });
});
