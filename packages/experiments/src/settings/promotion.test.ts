import type { ExperimentSettings } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import { twoArms } from "../test-support/simulate-experiment.ts";
import { IN_CONTROL, IN_TUNED, recorded, startExperiments } from "../test-support/start-experiments.ts";

const TUNED = { provider: "wandb", model: "acme/tuned" };
const rollout = (purposes: readonly string[], over: Partial<ExperimentSettings> = {}): ExperimentSettings => ({
  state: "running",
  unit: "call",
  arms: [{ id: "tuned", weight: 10_000, ...TUNED }],
  audience: { purposes },
  metric: "accepted",
  direction: "up",
  ...over,
});

describe("the winner of an experiment of some purposes", () => {
  const chat = { audience: { purposes: ["chat"] } };

  test("becomes their rule by one change, which the history undoes", async () => {
    const { experiments, settings, llm } = await startExperiments({ experiment: chat });
    const before = (await settings.get()).value;
    await experiments.promote("npc-model", { winner: "tuned", actor: "ada" });
    const { value, version } = await settings.get();
    expect(version).toBe(2);
    expect(value).toEqual({
      ...before,
      experiments: {
        "npc-model": { ...before.experiments?.["npc-model"], state: "stopped", winner: "tuned" },
        "npc-model-rollout": rollout(["chat"]),
      },
    });
    // With and without the id of a unit, in calls and in plans.
    for (const agent of [IN_CONTROL, IN_TUNED, undefined]) {
      const { provider, model } = await llm.generateText({ prompt: "x", purpose: "chat", agent });
      expect({ provider, model }).toEqual(TUNED);
      const [link] = (await llm.plan({ purpose: "chat", agent })).links;
      expect(link).toMatchObject({ ...TUNED, reason: "experiment npc-model-rollout, arm tuned" });
    }
    expect((await llm.generateText({ prompt: "x", purpose: "plan", agent: IN_TUNED })).provider).toBe("a");
    expect(experiments.peek("npc-model-rollout", {})).toEqual({ arm: "tuned", bucket: 0 });
    await settings.rollback(1);
    expect((await settings.get()).value).toEqual(before);
    expect((await llm.generateText({ prompt: "x", purpose: "chat", agent: IN_CONTROL })).provider).toBe("a");
  });

  test("is for the agents of the audience, where it names some", async () => {
    const audience = { purposes: ["chat"], agents: [IN_CONTROL] };
    const { experiments, settings, llm } = await startExperiments({ experiment: { audience } });
    await experiments.promote("npc-model", { winner: "tuned" });
    expect((await settings.get()).value.experiments?.["npc-model-rollout"]).toEqual(rollout(["chat"], { audience }));
    const by = async (agent: string) => (await llm.generateText({ prompt: "x", purpose: "chat", agent })).provider;
    expect([await by(IN_CONTROL), await by(IN_TUNED)]).toEqual(["wandb", "a"]);
  });

  test("is for the tenants of the audience, of which settings have no field", async () => {
    const audience = { tenants: ["acme"] };
    const { experiments, settings, llm } = await startExperiments({ experiment: { audience } });
    await experiments.promote("npc-model", { winner: "tuned" });
    expect((await settings.get()).value.experiments?.["npc-model-rollout"]).toEqual(rollout([], { audience }));
    const by = async (tenant?: string) => (await llm.generateText({ prompt: "x", tenant })).provider;
    expect([await by("acme"), await by("other"), await by()]).toEqual(["wandb", "a", "a"]);
    const [link] = (await llm.plan({ tenant: "acme" })).links;
    expect(link).toMatchObject({ ...TUNED, reason: "experiment npc-model-rollout, arm tuned" });
  });

  test("gives way to what the call and its agent name, and stores and judges nothing", async () => {
    const { experiments, settings, llm } = await startExperiments({ experiment: chat });
    await experiments.promote("npc-model", { winner: "tuned" });
    await settings.update({ agents: { [IN_CONTROL]: { provider: "dark" } } });
    const by = async (options: object) =>
      (await llm.generateText({ prompt: "x", purpose: "chat", ...options })).provider;
    expect(await by({ agent: IN_CONTROL })).toBe("dark");
    expect(await by({ provider: "a" })).toBe("a");
    expect(await by({})).toBe("wandb");
    await recorded();
    const report = await experiments.report("npc-model-rollout");
    expect(report).toMatchObject({ units: 0, calls: 0, excluded: {}, verdict: "undecided" });
    expect(report.why).toMatch(/^"tuned" is the only arm: all calls of the audience get it/);
  });

  test("is the control of the next experiment, whose winner replaces it", async () => {
    const { experiments, settings, llm } = await startExperiments({
      experiment: { audience: { purposes: ["chat", "plan"] } },
    });
    await experiments.promote("npc-model", { winner: "tuned" });
    const arms = [
      { id: "control", weight: 5_000 },
      { id: "next", weight: 5_000, provider: "dark", model: "acme/next" },
    ];
    await settings.update({ experiments: { second: twoArms({ arms, audience: { purposes: ["chat"] } }) } });
    const by = async (agent: string, purpose: string) => {
      const { provider, model } = await llm.generateText({ prompt: "x", agent, purpose });
      return `${provider} ${model}`;
    };
    const armOf = (agent: string) => experiments.peek("second", { agent })?.arm;
    const agents = Array.from({ length: 12 }, (_, index) => `npc-${index}`);
    for (const agent of agents) {
      expect(await by(agent, "chat")).toBe(armOf(agent) === "next" ? "dark acme/next" : "wandb acme/tuned");
      expect(await by(agent, "plan")).toBe("wandb acme/tuned");
    }
    await recorded();
    // The rollout is what the control intends, so nothing of it counts as a fallback.
    const report = await experiments.report("second");
    expect(report.arms.map(({ units, fallbackRate }) => [units, fallbackRate])).toEqual([
      [agents.filter((agent) => armOf(agent) === "control").length, 0],
      [agents.filter((agent) => armOf(agent) === "next").length, 0],
    ]);
    await experiments.promote("second", { winner: "next" });
    expect((await settings.get()).value.experiments).toMatchObject({
      "npc-model-rollout": { state: "running", audience: { purposes: ["plan"] } },
      "second-rollout": { state: "running", audience: { purposes: ["chat"] } },
    });
    expect([await by("npc-1", "chat"), await by("npc-1", "plan")]).toEqual(["dark acme/next", "wandb acme/tuned"]);
  });

  test("ends the rollout of the same purposes, and keeps its id free", async () => {
    const { experiments, settings } = await startExperiments({ experiment: chat });
    await experiments.promote("npc-model", { winner: "tuned" });
    await settings.update({ experiments: { "npc-model": { state: "running", winner: null } } });
    await experiments.promote("npc-model", { winner: "tuned" });
    expect((await settings.get()).value.experiments).toMatchObject({
      "npc-model-rollout": { state: "stopped" },
      "npc-model-rollout-2": { state: "running" },
    });
  });

  test("takes from an earlier rollout what is a part of one of its lists", async () => {
    const { experiments, settings } = await startExperiments({
      experiment: { audience: { tenants: ["acme"], agents: ["x", "y"] } },
    });
    await settings.update({
      experiments: {
        two: { ...rollout(["chat"]), audience: { tenants: ["acme", "other"], agents: ["x"] } },
        one: { ...rollout(["plan"]), audience: { tenants: ["acme"], agents: ["y"], purposes: ["plan"] } },
      },
    });
    await experiments.promote("npc-model", { winner: "tuned" });
    expect((await settings.get()).value.experiments).toMatchObject({
      two: { state: "running", audience: { tenants: ["other"], agents: ["x"] } },
      one: { state: "stopped" },
      "npc-model-rollout": { state: "running" },
    });
  });

  test("is refused where a rollout of other agents would overlap, by its name", async () => {
    const { experiments, settings } = await startExperiments({
      experiment: { audience: { purposes: ["chat"], agents: ["x"] } },
    });
    await settings.update({ experiments: { all: rollout(["chat"]) } });
    await expect(experiments.promote("npc-model", { winner: "tuned" })).rejects.toThrow(/"all"|all and/);
  });

  test("of a control that names no model changes nothing but the experiment", async () => {
    const { experiments, settings } = await startExperiments({ experiment: chat });
    await experiments.promote("npc-model", { winner: "control" });
    expect(Object.keys((await settings.get()).value.experiments ?? {})).toEqual(["npc-model"]);
  });
});
