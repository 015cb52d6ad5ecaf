import { openPostgres, parseStorageUrl } from "@babylon/storage";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import type { RunningServer } from "../../../settings-store/src/test-support/run-server.ts";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { describeRows } from "../test-support/describe-rows.ts";
import { openExperimentRows } from "./open-experiment-rows.ts";

describe.skipIf(isServerMissing("postgres"))("with a Postgres server", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  async function empty(): Promise<void> {
    const url = parseStorageUrl(server.url, "url", "/");
    if (url.scheme !== "postgres") throw new Error("another engine");
    const storage = await openPostgres(url, { limitMs: 20_000 });
    const call = { signal: AbortSignal.timeout(20_000), applied: "no" } as const;
    await storage.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public", [], call);
    await storage.close();
  }

  describeRows("rows in Postgres", async () => {
    await empty();
    return openExperimentRows({ url: server.url });
  });

  test("eight processes create the tables at the same time, and share one secret", async () => {
    await empty();
    const all = await Promise.all(Array.from({ length: 8 }, () => openExperimentRows({ url: server.url })));
    expect(new Set(all.map(({ hashSecret }) => hashSecret)).size).toBe(1);
    for (const rows of all) await rows.close();
  });
});
