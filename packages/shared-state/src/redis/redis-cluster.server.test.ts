import { afterAll, beforeAll, describe } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import {
  type RunningCluster,
  startRedisCluster,
} from "../../../settings-store/src/test-support/start-redis-cluster.ts";
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
});
