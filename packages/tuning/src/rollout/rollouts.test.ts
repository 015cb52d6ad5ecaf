import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { createSettingsStore, type SettingsPatch, type SettingsStore } from "@babylon/settings-store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TuningJournal } from "../contract/journal.ts";
import type { EvaluationReport } from "../evaluate/evaluation-report.ts";
import { openTuningJournal } from "../journal/open-tuning-journal.ts";
import { type CandidateModel, createRollouts, type Rollouts } from "./create-rollouts.ts";

const MODEL = "wandb-artifact:///team/games/npc-1:step40";
const candidate: CandidateModel = {
  name: "npc",
  provider: "wandb",
  model: MODEL,
  baseModel: "meta-llama/Llama-3.1-8B-Instruct",
  datasetSha256: "a".repeat(64),
};
const empty = { pairs: 0, candidate: null, baseline: null, difference: null, interval: null };
const better: EvaluationReport = {
  atEpochMs: 1_790_000_000_000,
  candidate,
  baseline: "current",
  pairs: 50,
  scores: {},
  failures: { candidate: 0, baseline: 0 },
  latencyMs: empty,
  costUsd: empty,
  verdict: "better",
  why: "exact +20 points",
};

let folder: string;
let url: string;
let settings: SettingsStore;
let journal: TuningJournal;
let rollouts: Rollouts;
const provider = mockProvider({ id: "wandb" });
const llm = createLLMClient({ providers: [provider] });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "babylon-rollout-"));
  url = `sqlite://${join(folder, "settings.db")}`;
  settings = await createSettingsStore({ url, env: {} });
  journal = openTuningJournal({ url: `sqlite://${join(folder, "journal.db")}` });
  rollouts = createRollouts({ journal, settings, llm: () => llm });
});
afterEach(async () => {
  await settings.close();
  await journal.close();
  rmSync(folder, { recursive: true });
});

const stored = async (): Promise<string> => JSON.stringify((await settings.get({ fresh: true })).value);

const STATES: readonly (readonly [string, SettingsPatch])[] = [
  ["nothing", {}],
  ["a model of the provider", { providers: { wandb: { enabled: true, model: "old" } } }],
  ["a switch of the provider", { providers: { wandb: { enabled: true }, groq: { model: "x" } } }],
  ["settings of the agents", { agents: { mayor: { models: { groq: "m" } }, clerk: { provider: "groq" } } }],
  [
    "another tuned model",
    { tuned: { other: { provider: "wandb", model: "m:v1", baseModel: "b", datasetSha256: "b".repeat(64) } } },
  ],
];

describe("promotion and rollback leave the same bytes, after settings with", () => {
  test.each(STATES)("%s", async (_, patch) => {
    await settings.update(patch);
    const before = await stored();
    for (const agents of [undefined, ["mayor", "clerk"]]) {
      await rollouts.promote(candidate, { report: better, actor: "ada", agents });
      const { value } = await settings.get();
      expect(value.tuned?.npc).toMatchObject({ model: MODEL, evaluatedAt: new Date(better.atEpochMs).toISOString() });
      const link = agents === undefined ? value.providers.wandb : value.agents.mayor;
      expect(link).toMatchObject({ model: MODEL });
      await rollouts.rollBack("npc", { actor: "ada" });
      expect(await stored()).toBe(before);
    }
  });
});

test("promotions are undone one after the other", async () => {
  const before = await stored();
  await rollouts.promote(candidate, { report: better });
  const first = await stored();
  const next = { ...candidate, model: "wandb-artifact:///team/games/npc-2:step9" };
  await rollouts.promote(next, { force: "a fix", agents: undefined });
  expect((await settings.get()).value.tuned?.npc).toMatchObject({ previous: MODEL });
  expect(await rollouts.rollBack("npc")).toMatchObject({ model: MODEL });
  expect(await stored()).toBe(first);
  await rollouts.rollBack("npc");
  expect(await stored()).toBe(before);
  await expect(rollouts.rollBack("npc")).rejects.toMatchObject({ code: "conflict" });
});

test("no change is lost amid 50 concurrent writes of another process, neither by promotion nor by rollback", async () => {
  const other = await createSettingsStore({ url, env: {} });
  const writes = (from: number) =>
    Array.from({ length: 25 }, (_, index) =>
      [settings, other][index % 2]?.update({ agents: { [`agent-${from + index}`]: { provider: "groq" } } }),
    );
  await Promise.all([...writes(0), rollouts.promote(candidate, { report: better }), ...writes(25)]);
  const { value } = await settings.get({ fresh: true });
  expect(Object.keys(value.agents)).toHaveLength(50);
  expect(value.providers.wandb?.model).toBe(MODEL);
  await Promise.all([...writes(50), rollouts.rollBack("npc"), ...writes(75)]);
  const after = await settings.get({ fresh: true });
  expect(Object.keys(after.value.agents)).toHaveLength(100);
  expect([after.value.providers, after.value.tuned]).toEqual([{}, undefined]);
  await other.close();
}, 60_000);

test("a promotion that lost against another writer is not the one that is rolled back", async () => {
  const before = await stored();
  await rollouts.promote(candidate, { report: better });
  await expect(rollouts.promote(candidate, { report: better, expectedVersion: 9 })).rejects.toMatchObject({
    code: "conflict",
  });
  await rollouts.rollBack("npc");
  expect(await stored()).toBe(before);
});

describe("a promotion is refused, and changes nothing:", () => {
  test.each([
    ["without an evaluation", {}, "not_better"],
    ["after an undecided one", { report: { ...better, verdict: "undecided" as const } }, "not_better"],
    [
      "after one of another model",
      { report: { ...better, candidate: { provider: "wandb", model: "x" } } },
      "not_better",
    ],
    ["with another version of the settings", { report: better, expectedVersion: 7 }, "conflict"],
  ])("%s", async (_, options, code) => {
    const before = await stored();
    await expect(rollouts.promote(candidate, options)).rejects.toMatchObject({ code });
    expect(await stored()).toBe(before);
  });

  test("of an alias that moves", async () => {
    const moving = { ...candidate, model: "wandb-artifact:///team/games/npc:latest" };
    await expect(rollouts.promote(moving, { force: "x" })).rejects.toMatchObject({ path: "model" });
  });

  test("of a model that is not served", async () => {
    const failing = createRollouts({
      journal,
      settings,
      llm: () => ({ generateText: () => Promise.reject(new Error("404")) }),
    });
    await expect(failing.promote(candidate, { report: better })).rejects.toMatchObject({ code: "not_servable" });
    expect(await stored()).toBe('{"order":null,"providers":{},"agents":{}}');
  });
});

test("a rollback does not undo what somebody else has set since", async () => {
  await rollouts.promote(candidate, { report: better });
  await settings.update({ providers: { wandb: { model: "by hand" } } });
  await expect(rollouts.rollBack("npc")).rejects.toMatchObject({ code: "conflict" });
  expect((await settings.get()).value.providers.wandb?.model).toBe("by hand");
});

test("history has who and why", async () => {
  await rollouts.promote(candidate, { force: "demo", actor: "ada" });
  expect((await settings.history({ limit: 1 }))[0]).toMatchObject({ by: "ada", reason: "npc: demo" });
});
