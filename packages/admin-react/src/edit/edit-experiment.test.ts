import type { ExperimentSettings } from "@babylon/admin-api/contract";
import { describe, expect, test } from "vitest";
import { experimentPatch, startsVersion, toExperimentForm } from "./edit-experiment.ts";
import { type ExperimentForm, problemsOf } from "./experiment-form.ts";

const experiment: ExperimentSettings = {
  state: "running",
  unit: "agent",
  arms: [
    { id: "control", weight: 5_000 },
    { id: "tuned", weight: 5_000, provider: "groq", model: "acme/tuned" },
  ],
  audience: { agents: ["npc-1", "a, b"], purposes: ["chat"], layer: "models", layerRange: [0, 0.5] },
  metric: "accepted",
  direction: "up",
  guardrails: [{ metric: "costUsd", worseBy: 0.001 }],
  plannedUnits: 400,
};
const formOf = (over: Partial<ExperimentSettings> = {}) => toExperimentForm("x", { ...experiment, ...over }, "wandb");

describe("a form without a change changes nothing", () => {
  const arms = experiment.arms;
  test.each<[string, Partial<ExperimentSettings>, boolean]>([
    ["of two arms", {}, false],
    ["without an audience", { audience: undefined }, false],
    ["with an audience of nobody", { audience: { agents: [] } }, false],
    ["with a list with one name twice", { audience: { agents: ["a", "a"] } }, false],
    ["with a shadow", { arms: [...arms, { id: "next", weight: 500, shadow: true, provider: "groq" }] }, true],
    ["with a paused arm", { arms: arms.map((arm) => ({ ...arm, paused: true })) }, true],
    ["with models by provider", { arms: [{ id: "control", weight: 10_000, models: { groq: "m" } }] }, true],
    ["of arms that name no provider", { arms: arms.map(({ id, weight }) => ({ id, weight })) }, true],
    ["that pauses harmful arms", { pauseHarmful: true }, false],
  ])("%s", (_, over, keepsArms) => {
    const form = formOf(over);
    expect(form.keepsArms).toBe(keepsArms);
    expect(problemsOf(form, 0, [])).toEqual({});
    expect(experimentPatch({ ...experiment, ...over }, form)).toEqual({});
  });
});

describe("a form changes what was changed, and nothing else", () => {
  const { audience } = formOf();
  test.each<[string, Partial<ExperimentForm>, object, boolean]>([
    [
      "a list",
      { audience: { ...audience, agents: '"a, b"\nnpc-2' } },
      { audience: { agents: ["a, b", "npc-2"] } },
      false,
    ],
    [
      "all names of a list removed",
      { audience: { ...audience, purposes: " " } },
      { audience: { purposes: null } },
      false,
    ],
    ["tenants", { audience: { ...audience, tenants: "acme" } }, { audience: { tenants: ["acme"] } }, false],
    [
      "no layer",
      { audience: { ...audience, layer: "", layerFrom: "", layerTo: "" } },
      { audience: { layer: null, layerRange: null } },
      false,
    ],
    [
      "a share",
      { percent: "20" },
      {
        arms: [
          { id: "control", weight: 8_000 },
          { ...experiment.arms[1], weight: 2_000 },
        ],
      },
      true,
    ],
    [
      "a link",
      { provider: "claude", model: null },
      { arms: [experiment.arms[0], { id: "tuned", weight: 5_000, provider: "claude" }] },
      true,
    ],
    ["a unit", { unit: "session" }, { unit: "session" }, true],
    ["a metric", { metric: "latencyMs", direction: "down" }, { metric: "latencyMs", direction: "down" }, false],
    ["the pause", { pauseHarmful: true }, { pauseHarmful: true }, false],
    ["a rate", { rate: "50" }, { plannedUnits: 1_144 }, false],
  ])("%s", (_, change, patch, isNewVersion) => {
    const found = experimentPatch(experiment, { ...formOf(), ...change });
    expect(found).toEqual(patch);
    expect(startsVersion(experiment, found)).toBe(isNewVersion);
    expect(startsVersion({ ...experiment, state: "draft" }, found)).toBe(false);
  });

  test("the pause is removed", () => {
    expect(experimentPatch({ ...experiment, pauseHarmful: true }, formOf())).toEqual({ pauseHarmful: null });
  });
});
