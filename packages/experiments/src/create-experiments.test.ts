import { LLMError } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { describe, expect, test } from "vitest";
import { hashUnit } from "./assign/hash-unit.ts";
import { ratio } from "./metrics/metric.ts";
import type { ExperimentRows } from "./rows/experiment-rows.ts";
import { IN_CONTROL, IN_TUNED, recorded, startExperiments } from "./test-support/start-experiments.ts";

const HOUR_MS = 3_600_000;

describe("a call in a running experiment", () => {
  test("is served by its arm, and its record and its plan name it", async () => {
    const { llm, experiments, rows, clock } = await startExperiments();
    const { provider, model } = await llm.generateText({ prompt: "x", agent: IN_TUNED });
    expect([provider, model]).toEqual(["wandb", "acme/tuned"]);
    expect((await llm.generateText({ prompt: "x", agent: IN_CONTROL })).provider).toBe("a");
    const plan = await llm.plan({ agent: IN_TUNED });
    expect(plan.links[0]?.reason).toBe("experiment npc-model, arm tuned");
    expect(plan.experiments).toMatchObject([{ experiment: "npc-model", arm: "tuned" }]);
    expect(experiments.peek("npc-model", { agent: IN_TUNED })).toEqual({
      arm: "tuned",
      bucket: hashUnit("npc-model", IN_TUNED),
    });
    await recorded();
    const report = await experiments.report("npc-model");
    expect(report).toMatchObject({ units: 2, calls: 2, lost: 0, verdict: "undecided", srm: { p: 1, ok: true } });
    expect(report.arms.map(({ id, units }) => [id, units])).toEqual([
      ["control", 1],
      ["tuned", 1],
    ]);
    expect(JSON.stringify(await unitsOf(rows, clock.now()))).not.toContain("npc-");
  });

  test("outside the audience has no arm; of a unit only what is known is checked", async () => {
    const audience = { agents: [IN_TUNED], purposes: ["chat"], tenants: ["acme"] };
    const { experiments } = await startExperiments({ experiment: { audience } });
    const armOf = (unit: Parameters<typeof experiments.peek>[1]) => experiments.peek("npc-model", unit)?.arm;
    expect(armOf({ agent: IN_TUNED })).toBe("tuned");
    expect(armOf({ agent: IN_TUNED, purpose: "chat", tenant: "acme" })).toBe("tuned");
    expect(armOf({ agent: IN_CONTROL })).toBeUndefined();
    expect(armOf({ agent: IN_TUNED, purpose: "plan" })).toBeUndefined();
    expect(armOf({ agent: IN_TUNED, tenant: "other" })).toBeUndefined();
  });

  test("that falls back stays in its arm, and counts as served by another", async () => {
    const down = () => new LLMError({ code: "server", message: "down", status: 503 });
    const { llm, experiments } = await startExperiments({ steps: { wandb: [{ error: down }] } });
    const { provider } = await llm.generateText({ prompt: "x", agent: IN_TUNED });
    expect(provider).toBe("a");
    await recorded();
    const { arms, served } = await experiments.report("npc-model");
    expect(arms[1]).toMatchObject({ id: "tuned", units: 1, calls: 1, fallbackRate: 1 });
    expect(served.arms[1]).toMatchObject({ id: "tuned", units: 0 });
  });

  test("is excluded by what has a higher priority, and the report says how many", async () => {
    const { llm, experiments, settings } = await startExperiments();
    await settings.update({ agents: { [IN_CONTROL]: { provider: "wandb" } } });
    const pinned = await llm.plan({ agent: IN_TUNED, provider: "a" });
    expect(pinned.experiments).toMatchObject([{ experiment: "npc-model", excluded: "pinned" }]);
    const named = await llm.generateText({ prompt: "x", agent: IN_TUNED, models: { wandb: "mine" } });
    expect([named.provider, named.model]).toEqual(["a", "a-model"]);
    await llm.generateText({ prompt: "x", agent: IN_TUNED, provider: "a" });
    await llm.generateText({ prompt: "x", agent: IN_CONTROL });
    await recorded();
    expect(await experiments.report("npc-model")).toMatchObject({
      units: 0,
      excluded: { pinned: 1, "call-models": 1, "agent-setting": 1 },
    });
  });
});

async function unitsOf(rows: ExperimentRows, now: number) {
  const pages: unknown[] = [];
  for await (const page of rows.unitSums({ experiment: "npc-model", version: 1, metrics: [], now })) pages.push(page);
  return pages;
}

describe("observations", () => {
  test("count once for each call, also late, until the window closes", async () => {
    const { llm, experiments, clock } = await startExperiments({ metrics: { accepted: ratio({ windowMs: HOUR_MS }) } });
    for (const callId of ["c1", "c2", "c3"]) await llm.generateText({ prompt: "x", agent: IN_TUNED, callId });
    await recorded();
    await experiments.observe({ callId: "c1", metric: "accepted", value: true });
    await experiments.observe({ callId: "c1", metric: "accepted", value: false });
    expect((await experiments.report("npc-model")).arms[1]).toMatchObject({
      mean: 1,
      unknownShare: 0,
      pendingShare: 2 / 3,
    });
    await clock.advance(HOUR_MS);
    await experiments.observe({ callId: "c2", metric: "accepted", value: 0 });
    await clock.advance(1);
    await experiments.observe({ callId: "c3", metric: "accepted", value: 0 });
    const report = await experiments.report("npc-model");
    expect(report.arms[1]).toMatchObject({ mean: 0.5, knownUnits: 1, unknownShare: 1 / 3, pendingShare: 0 });
    expect(report.warnings).toEqual([
      expect.stringContaining('accepted is not known of 33.3 % of the calls of "tuned"'),
    ]);
  });

  test("of a unit replace those of its calls", async () => {
    const { llm, experiments } = await startExperiments();
    await llm.generateText({ prompt: "x", agent: IN_TUNED, callId: "c1" });
    await recorded();
    await experiments.observe({ callId: "c1", metric: "accepted", value: 1 });
    await experiments.observe({ unit: IN_TUNED, metric: "accepted", value: 0.25 });
    expect((await experiments.report("npc-model")).arms[1]).toMatchObject({ mean: 0.25, unknownShare: 0 });
  });

  const invalid: readonly [string, object, RegExp][] = [
    ["without a call", { metric: "accepted", value: 1 }, /callId/],
    ["of a call and a unit", { callId: "c", unit: "u", metric: "accepted", value: 1 }, /callId/],
    ["of an empty unit", { unit: "", metric: "accepted", value: 1 }, /unit/],
    ["of an unknown metric", { callId: "c", metric: "acepted", value: 1 }, /metric: expected one of accepted/],
    ["of a metric of the record", { callId: "c", metric: "costUsd", value: 1 }, /metric/],
    ["above a ratio", { callId: "c", metric: "accepted", value: 2 }, /value: .*from 0 to 1/],
    ["without a number", { callId: "c", metric: "accepted", value: Number.NaN }, /value/],
    ["at no time", { callId: "c", metric: "accepted", value: 1, at: -1 }, /at/],
  ];
  test.each(invalid)("%s are refused", async (_, observation, message) => {
    const { experiments } = await startExperiments({ metrics: { accepted: ratio() } });
    // What a caller without types may pass.
    await expect(experiments.observe(observation as never)).rejects.toThrow(message);
  });
});

describe("stop and promote", () => {
  test("are changes of the settings, which can be undone", async () => {
    const { experiments, settings, llm } = await startExperiments();
    await experiments.stop("npc-model", { winner: "tuned", actor: "ada" });
    expect((await settings.get()).value.experiments?.["npc-model"]).toMatchObject({
      state: "stopped",
      winner: "tuned",
    });
    expect((await llm.plan({ agent: IN_TUNED })).experiments).toBeUndefined();
    await settings.rollback(1);
    await experiments.promote("npc-model", { winner: "tuned", actor: "ada", reason: "better" });
    const { value, updatedBy } = await settings.get();
    expect(value).toMatchObject({
      order: ["wandb"],
      providers: { wandb: { model: "acme/tuned" } },
      experiments: { "npc-model": { state: "stopped", winner: "tuned" } },
    });
    expect(updatedBy).toBe("ada");
    expect((await llm.plan({ agent: IN_CONTROL })).links[0]).toMatchObject({ provider: "wandb", model: "acme/tuned" });
  });

  test("for the agents of the audience alone", async () => {
    const { experiments, settings } = await startExperiments({
      experiment: { audience: { agents: ["npc-1", "npc-2"] } },
    });
    await experiments.promote("npc-model", { winner: "tuned" });
    const { agents, order, providers } = (await settings.get()).value;
    expect({ agents, order, providers }).toEqual({
      agents: {
        "npc-1": { provider: "wandb", model: "acme/tuned" },
        "npc-2": { provider: "wandb", model: "acme/tuned" },
      },
      order: null,
      providers: {},
    });
  });

  test("of unknown experiments, arms and versions are refused", async () => {
    const { experiments } = await startExperiments();
    await expect(experiments.stop("other")).rejects.toThrow("experiment: expected one of npc-model");
    await expect(experiments.stop("npc-model", { winner: "x" })).rejects.toThrow("winner");
    await expect(experiments.promote("npc-model", { winner: "x" })).rejects.toThrow("winner");
    await expect(experiments.stop("npc-model", { expectedVersion: 7 })).rejects.toMatchObject({ code: "conflict" });
    await expect(experiments.report("other")).rejects.toThrow("experiment: expected one of npc-model");
  });
});

describe("a harmful arm", () => {
  async function playHarmful(pauseHarmful: boolean) {
    const started = await startExperiments({
      experiment: { pauseHarmful, metric: "fallback", direction: "down" },
      guardEveryMs: 60_000,
      steps: { wandb: [{ error: () => new LLMError({ code: "server", message: "down", status: 503 }) }] },
    });
    for (let unit = 0; unit < 120; unit += 1) {
      await started.llm.generateText({ prompt: "x", agent: `npc-${unit}` }).catch(() => {});
    }
    await recorded();
    await started.clock.advance(60_000);
    await expect.poll(() => started.clock.pendingTimers()).toBeGreaterThan(0);
    await started.experiments.flush();
    await recorded();
    return started;
  }

  test("is paused by itself when asked to, and the experiment with it if no other is left", async () => {
    const { settings, logged, experiments } = await playHarmful(true);
    await expect.poll(async () => (await settings.get()).value.experiments?.["npc-model"]?.state).toBe("paused");
    const [entry] = await settings.history();
    expect(entry).toMatchObject({ by: "experiments", reason: expect.stringContaining('npc-model: "tuned" is worse') });
    expect((await settings.get()).value.experiments?.["npc-model"]?.arms[1]).toMatchObject({
      id: "tuned",
      paused: true,
    });
    expect((await settings.get()).value.experiments?.["npc-model"]?.version).toBeUndefined();
    expect(logged).toContain("a harmful arm of an experiment was paused");
    expect((await experiments.report("npc-model")).verdict).toBe("harmful");
  });

  test("is not paused otherwise", async () => {
    const { settings, experiments } = await playHarmful(false);
    expect((await experiments.report("npc-model")).harmful).toEqual(["tuned"]);
    expect((await settings.get()).version).toBe(1);
  });
});

test("while the database is away calls go on, and what waited is stored later", async () => {
  const { rows } = await startExperiments();
  let isAway = true;
  const started = await startExperiments({
    rows: {
      ...rows,
      add: (batch) => (isAway ? Promise.reject(new StorageError({ message: "away", applied: "no" })) : rows.add(batch)),
    },
  });
  for (let call = 0; call < 10; call += 1) await started.llm.generateText({ prompt: "x", agent: IN_TUNED });
  await recorded();
  expect(await started.experiments.report("npc-model")).toMatchObject({ calls: 0, lost: 0 });
  isAway = false;
  expect(await started.experiments.report("npc-model")).toMatchObject({ calls: 10, lost: 0 });
  expect(started.logged).toContain("rows of experiments cannot be stored");
});
