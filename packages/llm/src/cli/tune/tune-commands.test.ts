import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ProviderSimulator,
  startProviderSimulator,
  startTuningSimulator,
  type TuningSimulator,
} from "@babylon/llm-testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
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

describe("a canary", () => {
  /** A job that has ended, and its model. */
  async function trained(name: string): Promise<{ readonly id: string; readonly model: string }> {
    await tool("tune", "dataset", name, "--allow", "groq");
    const { out } = await tool("tune", "start", name, "--dataset", name, "--base", BASE);
    const id = out.split(" ")[0] ?? "";
    const watched = await tool("tune", "watch", id);
    return { id, model: /trained: (\S+)/.exec(watched.out)?.[1] ?? "" };
  }

  /** Runs the command beside a service whose agents call, until it ends. */
  async function canary(args: readonly string[], experiments: string): Promise<ToolRun> {
    const ofExperiments = { ...env, BABYLON_EXPERIMENTS_URL: `sqlite://${join(directory, experiments)}` };
    await using service = await createBabylonLLM({ env: ofExperiments, records: false });
    let [run, agent]: [ToolRun | null, number] = [null, 0];
    const running = runTool(["tune", "canary", ...args], { env: ofExperiments, cwd: directory }).then((ended) => {
      run = ended;
    });
    while (run === null) {
      const calls = Array.from({ length: 10 }, () => service.generateText({ prompt: "x", agent: `npc-${agent++}` }));
      await Promise.all(calls);
    }
    await running;
    return run;
  }

  const options = ["--weight", "0.5", "--every", "0.05"];

  test("passes and ends itself, and needs an evaluation or a reason", async () => {
    const { id, model } = await trained("smith");
    const refused = await canary([id, ...options, "--units", "100"], "passes.db");
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("fix: tune evaluate, or --force")]);
    const { code, out, err } = await canary(
      [id, ...options, "--units", "100", "--force", "a test", "--actor", "ada"],
      "passes.db",
    );
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^canary-smith has started\n/);
    expect(out).toMatch(/\d+ of 100 units \(control \d+, tuned \d+\), undecided\n/);
    expect(out).toMatch(/\npassed: /);
    const stored = JSON.parse((await tool("settings", "get", "experiments.canary-smith", "--json")).out);
    expect(JSON.stringify(stored)).toContain(model);
    expect(JSON.stringify(stored)).toMatch(/"state":"stopped"/);
  });

  test("of a model that is lost does harm, no call is lost, and the exit code says so", async () => {
    const { id, model } = await trained("baker");
    const running = canary([id, ...options, "--force", "a test", "--units", "5000"], "harm.db");
    // After its warm-up, and not before its answer.
    const isStarted = async (): Promise<boolean> =>
      (await tool("settings", "get", "experiments")).out.includes("canary-baker");
    await vi.waitUntil(isStarted, { timeout: 10_000, interval: 20 });
    providers.setFault("wandb", { kind: "status", status: 404 }, { model });
    const { code, out } = await running;
    providers.clearFaults();
    expect(code).toBe(1);
    expect(out).toMatch(/fallback violated|harmful/);
    expect(out).toMatch(/\nharmful: .*guardrail fallback/);
  });
});

describe("each command has a help text", () => {
  test.each(["dataset", "start", "watch", "evaluate", "canary", "promote", "roll-back"])("tune %s", async (verb) => {
    const { code, out, err } = await tool("tune", verb, "--help");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(new RegExp(`babylon-llm tune ${verb} `));
  });
});

describe("a wrong command line is explained:", () => {
  test.each([
    [["tune", "dataset", "x"], /--allow is missing/],
    [["tune", "dataset", "x", "--allow", "groq", "--test", "2"], /--test: expected a share/],
    [["tune", "start", "npc"], /--dataset is missing/],
    [["tune", "canary"], /--units is missing/],
    [["tune", "canary", "--units", "9", "--unit", "town"], /--unit: expected agent, session or call/],
    [["tune", "canary", "--units", "9", "--weight", "some"], /--weight: expected a number, got "some"/],
    [["tune", "canary", "--units", "9", "--p95", "0.5"], /times: expected a number, 1 or more/],
    [["tune", "canary", "--units", "9"], /no rows of experiments: set --experiments/],
    [["tune", "watch", "nobody"], /no job "nobody"/],
    [["tune", "roll-back", "nobody"], /no model "nobody" was promoted/],
    [["tune", "start", "npc", "--dataset", "absent", "--base", BASE], /report\.json/],
  ])("%j", async (args, message) => {
    const { code, err } = await tool(...args);
    expect(code).toBeGreaterThan(0);
    expect(err).toMatch(message);
  });
});
