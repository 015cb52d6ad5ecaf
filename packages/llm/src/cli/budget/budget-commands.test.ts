import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBabylonLLM } from "../../create-babylon-llm.ts";
import { runTool, type ToolRun } from "../test-support/run-tool.ts";

let simulator: ProviderSimulator;
let directory = "";
let urls = { BABYLON_STATE_URL: "", BABYLON_SETTINGS_URL: "" };

/** A service with a budget in its code, and one in the settings. */
beforeAll(async () => {
  simulator = await startProviderSimulator();
  directory = await mkdtemp(join(tmpdir(), "babylon-cli-budget-"));
  const file = (name: string): string => `sqlite://${join(directory, name)}`;
  urls = { BABYLON_STATE_URL: file("state.db"), BABYLON_SETTINGS_URL: file("settings.db") };
  await using llm = await createBabylonLLM({
    env: { ...simulator.env, ...urls },
    budgets: [{ id: "in-code", scope: "all", per: "month", limitUsd: 5 }],
  });
  const tenant = { id: "tenant-day", scope: { tenant: "*" }, per: "day", limitUsd: 1 } as const;
  await llm.settings.update({ budgets: [tenant] }, { actor: "test" });
  await llm.generateText({ prompt: "x", tenant: "acme" });
  simulator.setFault("wandb", { kind: "hang" });
  const aborted = llm.generateText({ prompt: "x", tenant: "globex", provider: "wandb", timeouts: { totalMs: 50 } });
  await aborted.catch(() => {});
});
afterAll(async () => {
  await simulator.close();
  await rm(directory, { recursive: true });
});

const tool = (...args: readonly string[]): Promise<ToolRun> => runTool(args, { env: urls, cwd: directory });

test("budget prints each window, and those of the code with the limit that their service had", async () => {
  const { code, out, err } = await tool("budget");
  expect([code, err]).toEqual([0, ""]);
  const lines = out.split("\n");
  expect(lines[0]).toMatch(/^budget +scope +per +limit +spent +presumed +held +left +forecast +ends$/);
  expect(lines[1]).toMatch(/^tenant-day +tenant=acme +day +\$1\.00 +\$0\.\d+ +\$0\.00 +\$0\.00 +\$0\.\d+ /);
  expect(lines[2]).toMatch(/^tenant-day +tenant=globex +day +\$1\.00 +\$0\.00 +\$0\.\d+ +\$0\.00 /);
  expect(lines[3]).toMatch(/^in-code +- +month +\$5\.00 \(code\) +\$0\.\d+ +\$0\.\d+ +\$0\.00 +\$\d\.\d+ +- +20/);
  expect(out).toMatch(/the limit is in the code of a service, as it had it: in-code at 20\d\d-\d\d-\d\dT\d\d:\d\dZ\./);
});

test("budget --json has all figures", async () => {
  const { code, out } = await tool("budget", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    budgets: [
      { rule: "tenant-day", scope: { tenant: "acme" }, unit: "usd", limit: 1e9, presumed: 0, held: 0, level: "ok" },
      { rule: "tenant-day", scope: { tenant: "globex" }, spent: 0, presumed: expect.any(Number) },
    ],
    others: [{ rule: "in-code", limit: 5e9, seenAt: expect.any(Number) }],
  });
});

test("budget write-off removes what is presumed, of one window", async () => {
  const several = await tool("budget", "write-off", "tenant-day");
  expect([several.code, several.err]).toEqual([
    2,
    expect.stringMatching(/name one of its windows, such as tenant=acme/),
  ]);
  const unknown = await tool("budget", "write-off", "other");
  expect([unknown.code, unknown.err]).toEqual([
    2,
    expect.stringMatching(/no budget "other"; there is tenant-day, in-code/),
  ]);
  const wrong = await tool("budget", "write-off", "in-code", "--amount", "much");
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/--amount: expected US dollars/)]);

  const some = await tool(
    "budget",
    "write-off",
    "tenant-day",
    "tenant=globex",
    "--amount",
    "0.000000001",
    "--json",
    "--actor",
    "ada",
    "--reason",
    "the bill",
  );
  const { writtenOff, presumed } = JSON.parse(some.out);
  expect([some.code, writtenOff]).toEqual([0, 1]);
  expect(presumed).toBeGreaterThan(0);
  const rest = await tool("budget", "write-off", "tenant-day", "tenant=globex");
  expect([rest.code, rest.out]).toEqual([
    0,
    expect.stringMatching(/^tenant-day tenant=globex: \$0.\d+ written off, \$0.00 presumed/),
  ]);
  const ofCode = await tool("budget", "write-off", "in-code");
  expect([ofCode.code, ofCode.out]).toEqual([0, expect.stringMatching(/^in-code -: \$0.\d+ written off/)]);
  const { budgets, others } = JSON.parse((await tool("budget", "--json")).out);
  expect([...budgets, ...others].map((window) => window.presumed)).toEqual([0, 0, 0]);

  const listed = await tool("budget", "write-offs");
  expect([listed.code, listed.out.split("\n")]).toEqual([
    0,
    [
      expect.stringMatching(/^when +who +amount +budget +scope +window +reason/),
      expect.stringMatching(/^20\S+Z +\S+ +\$0\.\d+ +in-code +- +month from 20\S+Z/),
      expect.stringMatching(/^20\S+Z +\S+ +\$0\.\d+ +tenant-day +tenant=globex +day from 20\S+Z/),
      expect.stringMatching(/^20\S+Z +ada +\$0\.00 +tenant-day +tenant=globex +day from 20\S+Z +the bill/),
      "",
    ],
  ]);
  const { writeOffs } = JSON.parse((await tool("budget", "write-offs", "--limit", "1", "--json")).out);
  expect(writeOffs).toMatchObject([{ rule: "in-code", unit: "usd", actor: expect.any(String), reason: null }]);
});

test("budgets are changed as settings", async () => {
  const rule = { id: "tenant-day", scope: { tenant: "*" }, per: "day", limitUsd: 2 };
  expect((await tool("settings", "set", `budgets=${JSON.stringify([rule])}`)).code).toBe(0);
  expect(JSON.parse((await tool("settings", "get", "budgets", "--json")).out)).toMatchObject({ value: [rule] });
  expect(JSON.parse((await tool("budget", "--json")).out)).toMatchObject({ budgets: [{ limit: 2e9 }, { limit: 2e9 }] });
  const bad = await tool("settings", "set", "budgets=[{]");
  expect([bad.code, bad.err]).toEqual([2, expect.stringMatching(/budgets: expected a JSON list of budget rules/)]);
});

test("without a shared state the command says what to set", async () => {
  for (const env of [{}, { BABYLON_STATE_URL: "memory://" }]) {
    const { code, err } = await runTool(["budget"], { env, cwd: directory });
    expect([code, err]).toEqual([2, expect.stringMatching(/set --state or BABYLON_STATE_URL|set another URL/)]);
  }
});

test("a shared state that is away: exit code 1", async () => {
  const args = ["budget", "--state", "redis://127.0.0.1:1", "--json"];
  const { code, out } = await runTool(args, { env: {}, cwd: directory });
  expect([code, JSON.parse(out)]).toMatchObject([1, { ok: false, budgets: [] }]);
});
