import { describe } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { describeOutage } from "../test-support/describe-outage.ts";

describe.skipIf(isServerMissing("postgres"))("Postgres", () => {
  describeOutage("a Postgres", startPostgres);
});
