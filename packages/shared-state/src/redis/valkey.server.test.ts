import { afterAll, beforeAll, describe } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import type { RunningServer } from "../../../settings-store/src/test-support/run-server.ts";
import { startRedis } from "../../../settings-store/src/test-support/start-redis.ts";
import { describeSharedState } from "../test-support/describe-shared-state.ts";
import { emptyRedis } from "../test-support/empty-redis.ts";
import { urlTestEngine } from "../test-support/url-test-engine.ts";

describe.skipIf(isServerMissing("valkey"))("shared state in Valkey", () => {
  let server: RunningServer | undefined;
  beforeAll(async () => {
    server = await startRedis({ program: "valkey-server" });
  });
  afterAll(() => server?.stop());

  describeSharedState(
    urlTestEngine({ name: "a Valkey", url: () => server?.url ?? "", empty: () => emptyRedis(server?.url ?? "") }),
  );
});
