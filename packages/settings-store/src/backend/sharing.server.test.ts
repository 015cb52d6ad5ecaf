import KeyvPostgres from "@keyv/postgres";
import KeyvRedis from "@keyv/redis";
import { afterAll, beforeAll, describe } from "vitest";
import { describeSharing } from "../test-support/describe-sharing.ts";
import { isServerMissing } from "../test-support/is-server-missing.ts";
import type { RunningServer } from "../test-support/run-server.ts";
import { startPostgres } from "../test-support/start-postgres.ts";
import { startRedis } from "../test-support/start-redis.ts";

describe.skipIf(isServerMissing("redis"))("with Redis", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startRedis({ password: "secret-of-tests" });
  });
  afterAll(() => server.stop());

  describeSharing({
    name: "a Redis",
    createAdapter: () => new KeyvRedis(server.url),
    byUrl: () => ({ url: server.url }),
  });
});

describe.skipIf(isServerMissing("postgres"))("with Postgres", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  describeSharing({
    name: "a Postgres",
    createAdapter: () => new KeyvPostgres({ uri: server.url, table: "babylon_settings", allowExitOnIdle: true }),
    byUrl: () => ({ url: server.url }),
  });
});
