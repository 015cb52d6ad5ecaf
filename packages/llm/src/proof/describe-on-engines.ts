import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { isServerMissing, type ServerName } from "../../../settings-store/src/test-support/is-server-missing.ts";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { startRedis } from "../../../settings-store/src/test-support/start-redis.ts";

const ENGINES = ["sqlite", "redis", "postgres"] as const;

/** Runs a test on each engine that processes can share. */
export function describeOnEngines(name: string, timeoutMs: number, run: (state: string) => Promise<void>): void {
  describe.each(ENGINES)("%s", (engine) => {
    it.skipIf(engine !== "sqlite" && isServerMissing(engine satisfies ServerName))(
      name,
      async () => {
        if (engine === "sqlite") {
          const folder = mkdtempSync(join(tmpdir(), "babylon-slots-"));
          try {
            return await run(`sqlite://${join(folder, "state.db")}`);
          } finally {
            rmSync(folder, { recursive: true, force: true });
          }
        }
        const server = await (engine === "redis" ? startRedis() : startPostgres());
        try {
          return await run(server.url);
        } finally {
          await server.stop();
        }
      },
      timeoutMs,
    );
  });
}
