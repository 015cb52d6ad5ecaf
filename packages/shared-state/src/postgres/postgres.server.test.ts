import { afterAll, beforeAll, describe } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import type { RunningServer } from "../../../settings-store/src/test-support/run-server.ts";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { describeSharedState } from "../test-support/describe-shared-state.ts";
import { emptyPostgres } from "../test-support/empty-postgres.ts";
import { urlTestEngine } from "../test-support/url-test-engine.ts";

describe.skipIf(isServerMissing("postgres"))("shared state in Postgres", () => {
  let server: RunningServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  describeSharedState(
    urlTestEngine({ name: "a Postgres", url: () => server?.url ?? "", empty: () => emptyPostgres(server?.url ?? "") }),
  );
});
