import { systemClock } from "@babylon/llm-core";
import { describe } from "vitest";
import { testRecordStore } from "../test-support/record-store-contract.ts";
import { createClickhouseClient } from "./clickhouse-client.ts";
import { parseClickhouseUrl } from "./parse-clickhouse-url.ts";

/** The URL of a ClickHouse whose table `babylon_records` may be dropped. Without it nothing of this file runs. */
const url = process.env.BABYLON_TEST_CLICKHOUSE_URL;

describe.skipIf(url === undefined)("with a ClickHouse server", () => {
  testRecordStore("records in ClickHouse", {
    url: () => url ?? "",
    async clean() {
      const parsed = parseClickhouseUrl(url ?? "", "BABYLON_TEST_CLICKHOUSE_URL");
      const client = createClickhouseClient({ url: parsed, fetch, clock: systemClock, limitMs: 30_000 });
      await client.send({ sql: "DROP TABLE IF EXISTS babylon_records SYNC", applied: "unknown" });
    },
    hasSums: true,
  });
});
