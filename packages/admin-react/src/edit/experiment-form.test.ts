import { describe, expect, test } from "vitest";
import {
  type ExperimentForm,
  type FormProblems,
  neededFor,
  newExperimentForm,
  parseExperimentDraft,
  problemsOf,
  toExperiment,
} from "./experiment-form.ts";

const form: ExperimentForm = { ...newExperimentForm("wandb"), id: "npc-model" };

describe("problems", () => {
  test.each<[string, Partial<ExperimentForm>, number, FormProblems]>([
    ["none at first", {}, 0, {}],
    ["no name", { id: " " }, 0, { id: expect.stringContaining("Letters") }],
    ["a name that exists", { id: "old" }, 0, { id: expect.stringContaining("There is an experiment") }],
    ["all units", { percent: "100" }, 0, { percent: expect.any(String) }],
    ["no difference", { difference: "" }, 1, { difference: expect.any(String) }],
    ["a rate that is none", { rate: "x" }, 1, { rate: expect.any(String) }],
    ["no rate is fine", { rate: "" }, 1, {}],
    ["half a call", { callsPerUnit: "0.5" }, 1, { callsPerUnit: expect.any(String) }],
    ["a metric with spaces", { metric: "a b" }, 1, { metric: expect.any(String) }],
    ["nothing to enter in the last step", {}, 2, {}],
  ])("%s", (_, change, step, problems) => {
    expect(problemsOf({ ...form, ...change }, step, ["old"])).toEqual(problems);
  });
});

test("the units that it takes are those of the report's test; without a rate they are not known", () => {
  expect(neededFor(form)?.units).toBe(1_144);
  expect(neededFor({ ...form, rate: "" })).toBeNull();
  expect(neededFor({ ...form, difference: "" })).toBeNull();
  expect(neededFor({ ...form, unit: "call" })?.units).toBeGreaterThan(5_000);
});

test("the audience of a form is in its experiment, and its problems are in the first step", () => {
  const audience = { ...form.audience, purposes: "chat, plan", tenants: "acme" };
  expect(toExperiment({ ...form, audience }, "draft")).toMatchObject({
    audience: { purposes: ["chat", "plan"], tenants: ["acme"] },
  });
  const wrong = { ...form, audience: { ...audience, layer: "a b", layerFrom: "0", layerTo: "2" } };
  expect(problemsOf(wrong, 0, [])).toEqual({ layer: expect.any(String), layerRange: "At most 1." });
  expect(problemsOf(wrong, 1, [])).toEqual({});
});

test("the experiment of a form", () => {
  expect(toExperiment({ ...form, percent: "12.5", model: "acme/tuned" }, "running")).toEqual({
    state: "running",
    unit: "agent",
    arms: [
      { id: "control", weight: 8_750 },
      { id: "new", weight: 1_250, provider: "wandb", model: "acme/tuned" },
    ],
    metric: "accepted",
    direction: "up",
    guardrails: [{ metric: "failure", worseBy: 0.02 }],
    plannedUnits: expect.any(Number),
    pauseHarmful: true,
  });
});

describe("a draft that was stored in the browser tab", () => {
  const form = { ...newExperimentForm("wandb"), id: "lines", model: "acme/x" };

  const edited = toExperiment(form, "running");
  test.each([
    [{ form, step: 0, edited: null }],
    [{ form: { ...form, model: null, unit: "call", direction: "down" }, step: 2, edited }],
    [{ form: { ...form, audience: { ...form.audience, agents: "a\nb", layer: "l" } }, step: 0, edited: null }],
  ])("is restored unchanged", (draft) => {
    expect(parseExperimentDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
  });

  test.each([
    [null],
    [{}],
    [{ form, edited: null }],
    [{ form, step: 3, edited: null }],
    [{ form, step: "1", edited: null }],
    [{ form, step: 1 }],
    [{ form, step: 1, edited: { state: "draft" } }],
    [{ form: { ...form, audience: { ...form.audience, agents: ["a"] } }, step: 0, edited: null }],
    [{ form: { ...form, audience: null }, step: 0, edited: null }],
    [{ form: { ...form, unit: "team" }, step: 0, edited: null }],
    [{ form: { ...form, percent: 50 }, step: 0, edited: null }],
    [{ form: { ...form, model: 5 }, step: 0, edited: null }],
    [{ form: { ...form, pauseHarmful: "yes" }, step: 0, edited: null }],
  ])("is none: %j", (stored) => {
    expect(parseExperimentDraft(stored)).toBeNull();
  });
});
