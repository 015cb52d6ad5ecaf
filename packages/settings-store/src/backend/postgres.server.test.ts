import { afterAll, beforeAll, describe } from "vitest";
import { describeStore } from "../test-support/describe-store.ts";
import { mustSkip } from "../test-support/need-server.ts";
import type { RunningServer } from "../test-support/run-server.ts";
import { postgresBackends } from "../test-support/server-backends.ts";
import { startPostgres } from "../test-support/start-postgres.ts";

describe.skipIf(mustSkip("postgres"))("over a real Postgres", () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startPostgres();
  });

  afterAll(() => server.stop());

  for (const backend of postgresBackends(() => server.url)) describeStore(backend);
});
