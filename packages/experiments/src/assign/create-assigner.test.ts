import type { AssignInput, ExperimentSettings, SystemSettings } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import { createAssigner } from "./create-assigner.ts";
import { hashUnit } from "./hash-unit.ts";
import { createUnitHasher } from "./unit-hasher.ts";

const base: ExperimentSettings = {
  state: "running",
  unit: "agent",
  arms: [
    { id: "control", weight: 5_000 },
    { id: "tuned", weight: 5_000, provider: "wandb", model: "acme/tuned" },
  ],
  metric: "accepted",
  direction: "up",
};
const settingsOf = (
  experiment: Partial<ExperimentSettings>,
  agents: SystemSettings["agents"] = {},
): SystemSettings => ({
  order: null,
  providers: {},
  agents,
  experiments: { "npc-model": { ...base, ...experiment } },
});
const assigner = createAssigner(createUnitHasher("secret"));

function assign(over: Partial<AssignInput> & Pick<AssignInput, "settings">) {
  const input = { agent: null, tenant: null, purpose: null, unit: null, callId: null, ...over };
  return assigner.router.assign(input);
}
const armOf = (over: Parameters<typeof assign>[0]): string | undefined => assign(over)[0]?.arm;

/** An agent in each arm. */
const IN_CONTROL = "npc-0";
const IN_TUNED = "npc-1";

test("the arm follows from the hash of the unit, and the hashed unit does not contain it", () => {
  expect(hashUnit("npc-model", IN_CONTROL)).toBeLessThan(0.5);
  const [assignment] = assign({ settings: settingsOf({}), agent: IN_TUNED });
  expect(assignment).toEqual({
    experiment: "npc-model",
    version: 1,
    arm: "tuned",
    bucket: hashUnit("npc-model", IN_TUNED),
    probability: 0.5,
    unit: expect.stringMatching(/^[0-9a-f]{24}$/),
    provider: "wandb",
    model: "acme/tuned",
  });
  const other = createAssigner(createUnitHasher("secret")).router;
  const input = { settings: settingsOf({}), agent: IN_TUNED, tenant: null, purpose: null, unit: null, callId: "c" };
  expect(other.assign(input)).toEqual([assignment]);
});

describe("the unit is", () => {
  test.each<[string, Partial<ExperimentSettings>, Partial<AssignInput>, string | null]>([
    ["the agent", {}, { agent: IN_CONTROL }, IN_CONTROL],
    ["the session", { unit: "session" }, { agent: "a", unit: { session: "match-31" } }, "match-31"],
    ["the call", { unit: "call" }, { callId: "c-1" }, "c-1"],
    ["absent: an agent", {}, { callId: "c-1" }, null],
    ["absent: a session", { unit: "session" }, { agent: "a", unit: { user: "u" } }, null],
    ["absent: a call, in a plan", { unit: "call" }, { agent: "a" }, null],
  ])("%s", (_, experiment, input, unit) => {
    const [assignment] = assign({ settings: settingsOf(experiment), ...input });
    expect(assignment?.bucket).toBe(unit === null ? undefined : hashUnit("npc-model", unit));
  });
});

describe("a call is not assigned", () => {
  test.each<[string, Partial<ExperimentSettings>, Partial<AssignInput>]>([
    ["by a draft", { state: "draft" }, {}],
    ["by a paused experiment", { state: "paused" }, {}],
    ["by a stopped experiment", { state: "stopped", winner: "tuned" }, {}],
    ["if its agent is not of the audience", { audience: { agents: ["other"] } }, {}],
    ["if its purpose is not of the audience", { audience: { purposes: ["chat"] } }, { purpose: "plan" }],
    ["if its tenant is not of the audience", { audience: { tenants: ["acme"] } }, { tenant: "other" }],
    ["if it has no tenant", { audience: { tenants: ["acme"] } }, {}],
    ["if one of several lists does not contain it", { audience: { agents: [IN_CONTROL], tenants: ["acme"] } }, {}],
    ["if it has no purpose", { audience: { purposes: ["chat"] } }, {}],
    ["outside the layer's range", { audience: { layer: "l", layerRange: outside(IN_CONTROL) } }, {}],
    ["outside the coverage", { coverage: 0 }, {}],
    ["to a paused arm", { arms: base.arms.map((arm) => ({ ...arm, paused: true })) }, {}],
    ["if a judge or a shadow makes it", {}, { purpose: "experiment-judge" }],
  ])("%s", (_, experiment, input) => {
    expect(assign({ settings: settingsOf(experiment), agent: IN_CONTROL, ...input })).toEqual([]);
  });
});

test("a call that all lists of the audience contain is assigned", () => {
  const audience = { agents: [IN_CONTROL], purposes: ["chat"], tenants: ["acme", "other"] };
  const call = { agent: IN_CONTROL, purpose: "chat", tenant: "acme" };
  expect(armOf({ settings: settingsOf({ audience }), ...call })).toBe("control");
});

function outside(value: string): [number, number] {
  const place = hashUnit("layer:l", value);
  return place < 0.5 ? [0.5, 1] : [0, 0.5];
}

describe("a call is excluded, whatever its arm", () => {
  test.each<[string, Partial<AssignInput>, SystemSettings["agents"], string | undefined]>([
    ["if it is pinned", { provider: "groq" }, {}, "pinned"],
    ["if it names a model of a provider of the arms", { models: { wandb: "x" } }, {}, "call-models"],
    ["but not if it names a model of another one", { models: { groq: "x" } }, {}, undefined],
    ["if its agent's settings name a provider", {}, { AGENT: { provider: "groq" } }, "agent-setting"],
    ["if they name a model of a provider of the arms", {}, { AGENT: { models: { wandb: "x" } } }, "agent-setting"],
    ["but not if they name another one's", {}, { AGENT: { models: { groq: "x" } } }, undefined],
  ])("%s", (_, input, agents, excluded) => {
    for (const agent of [IN_CONTROL, IN_TUNED]) {
      const own = Object.fromEntries(Object.values(agents).map((value) => [agent, value]));
      const [assignment] = assign({ settings: settingsOf({}, own), agent, ...input });
      expect(assignment?.excluded).toBe(excluded);
    }
  });

  test("unless the arms change nothing about the chain", () => {
    const arms = [
      { id: "short", weight: 5_000 },
      { id: "long", weight: 5_000 },
    ];
    const [assignment] = assign({ settings: settingsOf({ arms }), agent: IN_CONTROL, provider: "groq" });
    expect(assignment).not.toHaveProperty("excluded");
  });
});

test("shadows have no range, and coverage takes the first part of each range", () => {
  const arms = [...base.arms, { id: "dark", weight: 3_000, shadow: true, provider: "groq" }];
  const settings = settingsOf({ arms, coverage: 4_000 });
  const counts = new Map<string | undefined, number>();
  for (let index = 0; index < 2_000; index += 1) {
    const arm = armOf({ settings, agent: `npc-${index}` });
    counts.set(arm, (counts.get(arm) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted()).toEqual(["control", "tuned", undefined]);
  expect((counts.get("control") ?? 0) / 2_000).toBeCloseTo(0.2, 1);
  expect((counts.get(undefined) ?? 0) / 2_000).toBeCloseTo(0.6, 1);
});

test("experiments that a newer version has stored in another form are skipped", () => {
  const experiments = JSON.parse('{"a":{"state":"running","arms":5},"b":null,"c":{"state":"running","unit":"team"}}');
  expect(assign({ settings: { ...settingsOf({}), experiments }, agent: "x", callId: "c" })).toEqual([]);
});

test("experiments in one layer with disjoint ranges have no unit in common, and use all of them", () => {
  const inRange = (layerRange: [number, number]) => ({ ...base, audience: { layer: "models", layerRange } });
  const settings = { ...settingsOf({}), experiments: { a: inRange([0, 0.3]), b: inRange([0.3, 1]) } };
  for (let index = 0; index < 500; index += 1) {
    const assignments = assign({ settings, agent: `npc-${index}` });
    const isFirst = hashUnit("layer:models", `npc-${index}`) < 0.3;
    expect(assignments.map(({ experiment }) => experiment)).toEqual([isFirst ? "a" : "b"]);
  }
});
