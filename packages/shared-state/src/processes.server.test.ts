import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { isServerMissing } from "../../settings-store/src/test-support/is-server-missing.ts";
import type { RunningServer } from "../../settings-store/src/test-support/run-server.ts";
import { startPostgres } from "../../settings-store/src/test-support/start-postgres.ts";
import { startRedis } from "../../settings-store/src/test-support/start-redis.ts";
import { describeManyProcesses } from "./test-support/describe-many-processes.ts";

describe("with a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "babylon-state-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  describeManyProcesses("an SQLite file", () => `sqlite://${join(folder, "state.db")}`);
});

describe.each([
  ["redis", () => startRedis({ password: "secret-of-tests" })],
  ["postgres", startPostgres],
] as const)("with %s", (name, startServer) => {
  describe.skipIf(isServerMissing(name))("installed", () => {
    let server: RunningServer | undefined;
    beforeAll(async () => {
      server = await startServer();
    });
    afterAll(() => server?.stop());
    describeManyProcesses(name, () => server?.url ?? "");
  });
});
