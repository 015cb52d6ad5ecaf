import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ProviderSimulator,
  startProviderSimulator,
  startTuningSimulator,
  type TuningSimulator,
} from "@babylon/llm-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBabylonLLM } from "../../create-babylon-llm.ts";
import { runTool, type ToolRun } from "../test-support/run-tool.ts";

const BASE = "meta-llama/Llama-3.1-8B-Instruct";

let providers: ProviderSimulator;
let simulator: TuningSimulator;
let directory = "";
let env: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  simulator = await startTuningSimulator();
  providers = await startProviderSimulator({ adapters: (model) => simulator.isServed(model) });
  directory = await mkdtemp(join(tmpdir(), "babylon-cli-tune-"));
  env = {
    ...providers.env,
    BABYLON_RECORDS_URL: `sqlite://${join(directory, "records.db")}`,
    BABYLON_SETTINGS_URL: `sqlite://${join(directory, "settings.db")}`,
    WANDB_ENTITY: "team",
    WANDB_PROJECT: "games",
    WANDB_TRAINING_URL: simulator.trainingURL,
    WANDB_ARTIFACTS_URL: simulator.artifactsURL,
  };
  await using llm = await createBabylonLLM({ env, settings: {}, recordContent: true });
  for (let index = 0; index < 40; index += 1) {
    await llm.generateText({ prompt: `Question ${index}?`, agent: `npc-${index}`, provider: "groq", purpose: "talk" });
  }
  await llm.records?.flush();
});
afterAll(async () => {
  await simulator.close();
  await providers.close();
  await rm(directory, { recursive: true });
});

const tool = (...args: readonly string[]): Promise<ToolRun> => runTool(args, { env, cwd: directory });

test("from records to a model in the chain, and back", async () => {
  const dataset = await tool("tune", "dataset", "npc", "--allow", "groq", "--where", "purpose=talk", "--test", "0.2");
  expect([dataset.code, dataset.err]).toEqual([0, ""]);
  expect(dataset.out).toMatch(/^\d+ examples for training, \d+ held out, of 40 calls, in /);

  const started = await tool("tune", "start", "npc", "--dataset", "npc", "--base", BASE, "--epochs", "2");
  expect([started.code, started.err]).toEqual([0, ""]);
  const id = started.out.split(" ")[0] ?? "";

  const watched = await tool("tune", "watch");
  expect([watched.code, watched.err]).toEqual([0, ""]);
  expect(watched.out).toMatch(/^started, \d+ steps\nstep 1 of \d+, loss \d/);
  const model = /trained: (\S+)/.exec(watched.out)?.[1] ?? "";
  expect(model).toMatch(new RegExp(`^wandb-artifact:///team/games/npc-${id}:step\\d+$`));

  const evaluated = await tool("tune", "evaluate", id);
  expect([evaluated.code, evaluated.err]).toEqual([0, ""]);
  expect(evaluated.out).toMatch(/candidate +baseline +difference/);
  expect(evaluated.out).toMatch(/^undecided: exact/m);

  const refused = await tool("tune", "promote", id);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("fix: tune evaluate, or --force")]);
  const promoted = await tool("tune", "promote", id, "--force", "a test", "--actor", "ada", "--json");
  expect(JSON.parse(promoted.out)).toMatchObject({ ok: true, version: 1, model });
  expect((await tool("settings", "get", "providers.wandb.model")).out).toContain(model);
  expect((await tool("settings", "get", "tuned.npc")).out).toContain(BASE);

  const back = await tool("tune", "roll-back", "npc");
  expect([back.code, back.out]).toEqual([0, "Version 2: back to the provider's default model\n"]);
});

describe("a wrong command line is explained:", () => {
  test.each([
    [["tune", "dataset", "x"], /--allow is missing/],
    [["tune", "dataset", "x", "--allow", "groq", "--test", "2"], /--test: expected a share/],
    [["tune", "start", "npc"], /--dataset is missing/],
    [["tune", "watch", "nobody"], /no job "nobody"/],
    [["tune", "roll-back", "nobody"], /no model "nobody" was promoted/],
    [["tune", "start", "npc", "--dataset", "absent", "--base", BASE], /report\.json/],
  ])("%j", async (args, message) => {
    const { code, err } = await tool(...args);
    expect(code).toBeGreaterThan(0);
    expect(err).toMatch(message);
  });
});
