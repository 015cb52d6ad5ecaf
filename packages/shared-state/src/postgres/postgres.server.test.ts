import { Client } from "pg";
import { afterAll, beforeAll, describe } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import type { RunningServer } from "../../../settings-store/src/test-support/run-server.ts";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { describeSharedState } from "../test-support/describe-shared-state.ts";
import { urlTestEngine } from "../test-support/url-test-engine.ts";

const TABLES = ["kept", "windows", "reservations", "leases", "turns", "facts", "processes"];

describe.skipIf(isServerMissing("postgres"))("shared state in Postgres", () => {
  let server: RunningServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  const engine = urlTestEngine({
    name: "a Postgres",
    url: () => server?.url ?? "",
    async empty() {
      const client = new Client({ connectionString: server?.url });
      await client.connect();
      const { rows } = await client.query("SELECT to_regclass('babylon_state1_kept') AS found");
      if (rows[0]?.found) for (const table of TABLES) await client.query(`DELETE FROM babylon_state1_${table}`);
      await client.end();
    },
  });
  describeSharedState(engine);
});
