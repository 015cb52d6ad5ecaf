import { afterAll, beforeAll, describe } from "vitest";
import { describeStore } from "../test-support/describe-store.ts";
import { isServerMissing } from "../test-support/is-server-missing.ts";
import type { RunningServer } from "../test-support/run-server.ts";
import { postgresBackends } from "../test-support/server-backends.ts";
import { startPostgres } from "../test-support/start-postgres.ts";

describe.skipIf(isServerMissing("postgres"))("with a Postgres server", () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startPostgres();
  });

  afterAll(() => server.stop());

  for (const backend of postgresBackends(() => server.url)) describeStore(backend);
});
