import { afterAll, beforeAll, describe } from "vitest";
import { describeStore } from "../test-support/describe-store.ts";
import { isServerMissing } from "../test-support/is-server-missing.ts";
import type { RunningServer } from "../test-support/run-server.ts";
import { redisBackends } from "../test-support/server-backends.ts";
import { startRedis } from "../test-support/start-redis.ts";

describe.skipIf(isServerMissing("valkey"))("with a Valkey server", () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startRedis({ program: "valkey-server" });
  });

  afterAll(() => server.stop());

  for (const backend of redisBackends(() => server.url)) describeStore(backend);
});
