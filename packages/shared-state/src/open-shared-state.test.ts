import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openSharedState } from "./open-shared-state.ts";
import { startWorker } from "./test-support/start-worker.ts";

const folder = mkdtempSync(join(tmpdir(), "babylon-state-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("openSharedState", () => {
  it.for([
    ["url", { url: "mysql://localhost" }],
    ["BABYLON_STATE_URL", { url: "nothing", at: "BABYLON_STATE_URL" }],
    ["url", { url: "sqlite://x.db?mode=ro" }],
    ["prefix", { url: "memory://", prefix: "a:b" }],
    ["timeoutMs", { url: "memory://", timeoutMs: 0 }],
  ] as const)("names %s when it is not valid", async ([at, options]) => {
    await expect(openSharedState(options)).rejects.toMatchObject({ code: "invalid", at });
  });

  it("rejects a file that is not a database", async () => {
    const file = join(folder, "text.db");
    writeFileSync(file, "x".repeat(10_000));
    await expect(openSharedState({ url: `sqlite://${file}` })).rejects.toMatchObject({ code: "corrupt" });
  });

  it("names the command that installs a driver", async () => {
    const importPackage = async () => {
      throw Object.assign(new Error("not found"), { code: "ERR_MODULE_NOT_FOUND" });
    };
    for (const [url, command] of [
      ["redis://localhost", "npm install @redis/client"],
      ["postgres://localhost/db", "npm install pg"],
    ] as const) {
      await expect(openSharedState({ url, importPackage })).rejects.toThrow(command);
    }
  });

  it("keeps prefixes apart in one file", async () => {
    const url = `sqlite://${join(folder, "prefixes.db")}`;
    const [one, two] = [await openSharedState({ url }), await openSharedState({ url, prefix: "other" })];
    await one.ledger.settle("a", { scopes: [{ key: "day", spent: 5, presumed: 0 }] });
    expect(await two.ledger.status(["day"])).toEqual([{ spent: 0, presumed: 0, held: 0 }]);
    await one.close();
    await two.close();
  });

  it("keeps no process alive, also in memory", async () => {
    for (const close of [true, false])
      expect(await startWorker({ kind: "idle", url: "memory://", close }).exited).toBe(0);
  });
});
