import type { ExperimentSettings } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import { isSettingsError } from "../errors/settings-error.ts";
import type { SettingsPatch } from "./settings-patch.ts";

const arms = [
  { id: "control", weight: 5_000 },
  { id: "tuned", weight: 5_000, provider: "wandb", model: "acme/tuned" },
] as const;
const base: ExperimentSettings = { state: "running", unit: "agent", arms, metric: "accepted", direction: "up" };
const open = () => createSettingsStore({ url: "memory://", env: {} });

/** The paths of the issues of a change. */
async function issuesOf(experiments: unknown): Promise<readonly string[]> {
  await using store = await open();
  // What a caller without types may send.
  const patch = { experiments } as SettingsPatch;
  try {
    await store.update(patch);
    return [];
  } catch (thrown) {
    if (!isSettingsError(thrown, "invalid")) throw thrown;
    return thrown.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe("an experiment", () => {
  test("is stored with a version, merged field by field, and rolled back", async () => {
    await using store = await open();
    await store.update({ experiments: { "npc-model": { ...base, state: "draft" } } }, { actor: "ada" });
    const { changed, snapshot } = await store.update({
      experiments: { "npc-model": { state: "running", plannedUnits: 400, audience: { agents: ["npc-1"] } } },
    });
    expect(changed).toEqual(["experiments"]);
    expect(snapshot.value.experiments?.["npc-model"]).toEqual({
      ...base,
      plannedUnits: 400,
      audience: { agents: ["npc-1"] },
    });
    await store.update({ experiments: { "npc-model": { audience: null } } });
    await store.rollback(2);
    expect((await store.get()).value.experiments?.["npc-model"]?.audience).toEqual({ agents: ["npc-1"] });
    await store.update({ experiments: { "npc-model": null } });
    expect((await store.get()).value).toEqual({ order: null, providers: {}, agents: {} });
    await store.rollback(1);
    expect((await store.get()).value.experiments?.["npc-model"]?.state).toBe("draft");
  });

  const cases: readonly [string, object, RegExp][] = [
    ["without arms", { ...base, arms: [] }, /arms: an experiment has at least one arm/],
    ["with one arm twice", { ...base, arms: [arms[0], arms[0]] }, /arms: an arm is listed twice/],
    ["with other weights", { ...base, arms: [arms[0], { ...arms[1], weight: 4_000 }] }, /add up to 10,000/],
    ["with part of a weight", { ...base, arms: [arms[0], { ...arms[1], weight: 0.5 }] }, /arms\.1\.weight: .*whole/],
    [
      "with a typo in an arm",
      { ...base, arms: [arms[0], { ...arms[1], modle: "x" }] },
      /arms\.1\.modle: unknown field/,
    ],
    [
      "with a model without its provider",
      { ...base, arms: [arms[0], { id: "b", weight: 5_000, model: "m" }] },
      /model/,
    ],
    ["with a shadow first", { ...base, arms: [{ ...arms[1], shadow: true }, arms[0]] }, /the first arm is the control/],
    ["with another unit", { ...base, unit: "user" }, /unit: expected agent, session or call/],
    ["with a layer without a range", { ...base, audience: { layer: "a" } }, /audience: layer and layerRange/],
    [
      "with a range that ends first",
      { ...base, audience: { layer: "a", layerRange: [0.5, 0.5] } },
      /layerRange: a range/,
    ],
    ["with a tenant without a name", { ...base, audience: { tenants: ["a", ""] } }, /audience\.tenants\.1: a tenant/],
    ["with a typo in the audience", { ...base, audience: { tenant: ["a"] } }, /audience\.tenant: unknown field/],
    ["with a winner that is no arm", { ...base, winner: "x" }, /the winner is one of the arms/],
    ["with an unknown field", { ...base, mode: "thompson" }, /mode: unknown field/],
    [
      "with a quantile without its limit",
      { ...base, guardrails: [{ metric: "latencyMs", worseBy: 0, quantile: 0.95 }] },
      /quantile and times belong together/,
    ],
    [
      "with a quantile that is none",
      { ...base, guardrails: [{ metric: "latencyMs", worseBy: 0, quantile: 95, times: 1.5 }] },
      /quantile: expected a quantile from 0\.5 to 0\.999/,
    ],
    [
      "with a quantile that is to grow",
      { ...base, guardrails: [{ metric: "latencyMs", worseBy: 0, direction: "up", quantile: 0.5, times: 2 }] },
      /of which less is better/,
    ],
    ["with a guardrail below 0", { ...base, guardrails: [{ metric: "costUsd", worseBy: -1 }] }, /worseBy: at least 0/],
  ];
  test.each(cases)("%s is refused", async (_, experiment, message) => {
    expect((await issuesOf({ x: experiment })).join("\n")).toMatch(message);
  });
});

describe("running experiments that change the chain", () => {
  const inLayer = (from: number, to: number): ExperimentSettings => ({
    ...base,
    audience: { layer: "models", layerRange: [from, to] },
  });
  const rule: ExperimentSettings = { ...base, arms: [{ id: "tuned", weight: 10_000, provider: "wandb" }] };
  test.each<[string, ExperimentSettings, ExperimentSettings, boolean]>([
    ["of the same calls", base, base, false],
    ["in other states", base, { ...base, state: "draft" }, true],
    ["of other agents", { ...base, audience: { agents: ["a"] } }, { ...base, audience: { agents: ["b"] } }, true],
    [
      "of a common agent",
      { ...base, audience: { agents: ["a", "b"] } },
      { ...base, audience: { agents: ["b"] } },
      false,
    ],
    ["of other purposes", { ...base, audience: { purposes: ["a"] } }, { ...base, audience: { purposes: ["b"] } }, true],
    ["of other tenants", { ...base, audience: { tenants: ["a"] } }, { ...base, audience: { tenants: ["b"] } }, true],
    ["of one tenant, and of all", { ...base, audience: { tenants: ["a"] } }, base, false],
    ["in one layer, apart", inLayer(0, 0.5), inLayer(0.5, 1), true],
    ["in one layer, with a common part", inLayer(0, 0.6), inLayer(0.5, 1), false],
    ["in one layer with different units", inLayer(0, 0.5), { ...inLayer(0.5, 1), unit: "session" }, false],
    ["and the rule of all calls, which gives way", base, rule, true],
    ["and a second rule of all calls", rule, rule, false],
    ["and one that only labels them", base, { ...base, arms: [arms[0], { id: "b", weight: 5_000 }] }, true],
  ])("%s", async (_, a, b, isAllowed) => {
    const issues = await issuesOf({ a, b });
    if (isAllowed) expect(issues).toEqual([]);
    else expect(issues.join()).toMatch(/^experiments\.b: this experiment and "a" would change the chain of the same/);
  });
});

test("changed arms of an experiment that has begun get a new version and seed; a pause does not", async () => {
  await using store = await open();
  const stateOf = async () => {
    const { version, seed } = (await store.get()).value.experiments?.x ?? {};
    return { version, seed };
  };
  await store.update({ experiments: { x: base } });
  await store.update({ experiments: { x: { arms: [arms[0], { ...arms[1], paused: true }] } } });
  expect(await stateOf()).toEqual({ version: undefined, seed: undefined });
  await store.update({ experiments: { x: { arms: [arms[0], { ...arms[1], model: "acme/other" }] } } });
  expect(await stateOf()).toEqual({ version: 2, seed: "x-v2" });
  await store.update({ experiments: { x: { state: "stopped" } } });
  await store.update({ experiments: { x: { arms, state: "running" } } });
  expect(await stateOf()).toEqual({ version: 3, seed: "x-v3" });
  await store.update({ experiments: { x: { arms, version: 4, seed: "mine" } } });
  expect(await stateOf()).toEqual({ version: 4, seed: "mine" });
});

test("an experiment of a newer version is kept, and others can be changed beside it", async () => {
  await using store = await open();
  await store.update({ experiments: { x: { ...base, state: "draft" } } });
  const newer = { state: "archived", unit: "team", arms: [{ id: "a", share: 1 }], mode: "thompson" };
  const data = new Map<string, string>();
  await using first = await createSettingsStore({ keyv: data, env: {} });
  await first.update({ experiments: { x: { ...base, state: "draft" } } });
  for (const [key, text] of data)
    data.set(key, text.replace('"experiments":{', `"experiments":{"newer":${JSON.stringify(newer)},`));
  await using second = await createSettingsStore({ keyv: data, env: {} });
  expect((await second.get()).value.experiments).toMatchObject({ newer, x: { state: "draft" } });
  await second.update({ experiments: { x: { state: "running" } }, order: ["groq"] });
  expect((await second.get({ fresh: true })).value.experiments).toMatchObject({ newer, x: { state: "running" } });
});

test("a field of an audience that a newer version has stored is kept when an operator changes the audience", async () => {
  const data = new Map<string, string>();
  await using first = await createSettingsStore({ keyv: data, env: {} });
  await first.update({ experiments: { x: { ...base, audience: { agents: ["a"] } } } });
  for (const [key, text] of data) data.set(key, text.replace('"agents":["a"]', '"agents":["a"],"regions":["eu"]'));
  await using second = await createSettingsStore({ keyv: data, env: {} });
  await second.update({ experiments: { x: { audience: { agents: null, tenants: ["acme"] } } } });
  const audience = { tenants: ["acme"], regions: ["eu"] };
  expect((await second.get({ fresh: true })).value.experiments?.x).toEqual({ ...base, audience });
  // Stored by a version without tenants.
  await second.rollback(1);
  expect((await second.get()).value.experiments?.x?.audience).toEqual({ agents: ["a"], regions: ["eu"] });
});
