import { describe } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import { describeFailover } from "../test-support/describe-failover.ts";
import { startPostgresPair } from "../test-support/start-postgres-pair.ts";

describe.skipIf(isServerMissing("postgres"))("failover of Postgres", () => {
  describeFailover("a Postgres", startPostgresPair);
});
