import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mockProvider } from "@babylon/llm-testing";
import { createSettingsStore } from "@babylon/settings-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBabylonLLM } from "../../create-babylon-llm.ts";
import { runTool, type ToolRun } from "../test-support/run-tool.ts";

let directory = "";
let env: Readonly<Record<string, string>> = {};

const tool = (...args: readonly string[]): Promise<ToolRun> => runTool(args, { env, cwd: directory });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "babylon-cli-experiments-"));
  env = {
    BABYLON_SETTINGS_URL: `sqlite://${directory}/settings.db`,
    BABYLON_EXPERIMENTS_URL: `sqlite://${directory}/experiments.db`,
  };
  await using settings = await createSettingsStore({ env });
  const arms = [
    { id: "control", weight: 5_000 },
    { id: "tuned", weight: 5_000, provider: "groq", model: "acme/tuned" },
  ];
  const experiment = { state: "draft", unit: "agent", arms, metric: "accepted", direction: "up" } as const;
  await settings.update({ experiments: { "npc-model": experiment } });
});
afterAll(() => rm(directory, { recursive: true }));

test("experiments lists them, and start lets one assign calls", async () => {
  const before = await tool("experiments");
  expect(before.out).toMatch(/npc-model +draft +agent +all calls +accepted +control \(50 %\), tuned \(50 %\)/);
  expect((await tool("experiments", "start", "npc-model", "--actor", "ada")).code).toBe(0);
  const { experiments } = JSON.parse((await tool("experiments", "--json")).out);
  expect(experiments["npc-model"].state).toBe("running");
});

test("audience changes what it names, keeps the rest, and null removes", async () => {
  const audience = async (...args: readonly string[]): Promise<unknown> => {
    const { code, out } = await tool("experiments", "audience", "npc-model", ...args, "--json");
    expect(code).toBe(0);
    return JSON.parse(out).value.experiments["npc-model"].audience;
  };
  const layer = { layer: "models", layerRange: [0, 0.5] };
  expect(await audience("--purposes", "chat, plan", "--layer", "models", "--layer-range", "0,0.5")).toEqual({
    purposes: ["chat", "plan"],
    ...layer,
  });
  expect(await audience("--tenants", "acme", "--purposes", "null")).toEqual({ tenants: ["acme"], ...layer });
  expect((await tool("experiments")).out).toContain("tenants acme; layer models, 0 to 0.5");
  expect(await audience("--tenants", "null", "--layer", "null")).toEqual({});
});

test("report prints the verdict, its reason, the arms and both comparisons", async () => {
  const providers = [mockProvider({ id: "a" }), mockProvider({ id: "groq" })];
  const llm = await createBabylonLLM({ env, providers });
  for (let unit = 0; unit < 120; unit += 1) {
    const { callId, provider } = await llm.generateText({ prompt: "x", agent: `npc-${unit}` });
    await llm.experiments?.observe({ callId, metric: "accepted", value: provider === "groq" || unit % 4 === 0 });
  }
  await llm.close();
  const { code, out } = await tool("experiments", "report", "npc-model");
  expect(code).toBe(0);
  expect(out).toMatch(/^npc-model: winner {2}"tuned" is better than "control": accepted 1 instead of 0\.\d+/);
  expect(out).toContain("\nAudience: all calls\n");
  expect(out).toMatch(/\n120 units, 120 calls; sample ratio p = /);
  expect(out).toMatch(/\ncontrol +\d+ +\d+ +0\.\d+ +.* to .* +0 % +0 % +0 %\n/);
  expect(out).toContain("difference, as assigned");
  expect(out).toContain("difference, as served");
  const { report } = JSON.parse((await tool("experiments", "report", "npc-model", "--json", "--as", "served")).out);
  expect(report).toMatchObject({ as: "served", verdict: "winner", units: 120 });
});

test("promote makes the winner the rule by one change, and settings rollback undoes it", async () => {
  const { code, out } = await tool("experiments", "promote", "npc-model", "tuned", "--actor", "ada", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    committed: true,
    value: { order: ["groq"], providers: { groq: { model: "acme/tuned" } } },
  });
  const { version } = JSON.parse(out);
  expect((await tool("settings", "rollback", String(version - 1))).code).toBe(0);
  expect((await tool("experiments", "pause", "npc-model")).code).toBe(0);
  expect((await tool("experiments", "stop", "npc-model", "tuned")).code).toBe(0);
  expect((await tool("experiments")).out).toContain("stopped, winner tuned");
});

test("plan computes the units before the start", async () => {
  const { out } = await tool(
    "experiments",
    "plan",
    "--rate",
    "0.5",
    "--difference",
    "0.05",
    "--calls-per-unit",
    "10",
    "--json",
  );
  expect(JSON.parse(out)).toMatchObject({ ok: true, units: 1_144, calls: 11_440 });
  expect((await tool("experiments", "plan", "--variance", "4", "--difference", "1")).out).toMatch(/^\d+ units: /);
});

describe("refused are", () => {
  test.each<[string[], RegExp]>([
    [["report", "other"], /experiment: expected one of npc-model/],
    [["report", "npc-model", "--as", "seen"], /--as: expected assigned or served/],
    [["report", "npc-model", "--experiments", "redis://x"], /--experiments: experiments are stored in/],
    [["start", "other"], /no experiment "other"; there are npc-model/],
    [["promote", "npc-model", "x"], /winner: expected an arm of "npc-model"/],
    [["stop", "npc-model", "x"], /the winner is one of the arms/],
    [["audience", "npc-model"], /needs --agents, --purposes, --tenants or --layer/],
    [["audience", "npc-model", "--layer-range", "0"], /--layer-range: expected two numbers/],
    [["audience", "npc-model", "--layer", "models"], /audience: layer and layerRange are set together/],
    [["audience", "npc-model", "--layer", "models", "--layer-range", "0,2"], /audience\.layerRange\.1: at most 1/],
    [["audience", "other", "--agents", "a"], /no experiment "other"/],
    [["plan", "--rate", "0.5"], /needs --difference/],
    [["plan", "--difference", "0.5"], /either --rate/],
    [["plan", "--difference", "0.5", "--rate", "2"], /--rate: expected a number above 0 below 1/],
  ])("%j", async (args, message) => {
    const { code, err } = await tool("experiments", ...args);
    expect(code).not.toBe(0);
    expect(err).toMatch(message);
  });

  test("reports without rows", async () => {
    const { code, err } = await runTool(["experiments", "report", "x"], { env: {}, cwd: directory });
    expect([code, err]).toEqual([2, expect.stringContaining("set --experiments or BABYLON_EXPERIMENTS_URL")]);
  });
});
