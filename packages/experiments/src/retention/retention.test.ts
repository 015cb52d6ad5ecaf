import type { ExperimentSettings } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { describe, expect, test } from "vitest";
import type { PruneQuery } from "../rows/experiment-rows.ts";
import { twoArms } from "../test-support/simulate-experiment.ts";
import { IN_CONTROL, IN_TUNED, recorded, startExperiments } from "../test-support/start-experiments.ts";

const DAY_MS = 86_400_000;

async function startWithCalls(options: Parameters<typeof startExperiments>[0] = {}) {
  const started = await startExperiments({ guardEveryMs: null, ...options });
  for (const [callId, agent, tenant] of [
    ["c1", IN_CONTROL, "acme"],
    ["c2", IN_TUNED, "acme"],
    ["c3", IN_TUNED, "other"],
  ] as const) {
    await started.llm.generateText({ prompt: "x", agent, callId, tenant });
    await recorded();
    await started.experiments.observe({ callId, metric: "accepted", value: true });
  }
  await started.experiments.flush();
  const calls = async () => (await started.experiments.report("npc-model")).calls;
  return { ...started, calls };
}

describe("rows of an experiment are removed", () => {
  const stopped: Partial<ExperimentSettings> = { state: "stopped" };
  test.each<[string, Partial<ExperimentSettings> | null, number, number | undefined, number]>([
    ["7 days after the last call, if it was stopped", stopped, 8, 7, 3],
    ["not before", stopped, 7, 7, 0],
    ["if it was removed from the settings", null, 8, 7, 3],
    ["if its arms were changed", { version: 2 }, 8, 7, 3],
    ["not while it is running", {}, 30, 7, 0],
    ["not while it is paused", { state: "paused" }, 30, 7, 0],
  ])("%s", async (_, change, days, keepDays, removed) => {
    const { experiments, settings, clock } = await startWithCalls({ keepDays });
    await settings.update({ experiments: { "npc-model": change } });
    await clock.advance(days * DAY_MS);
    // By the hourly work, which may not have ended.
    const given = { ...(await settings.get()).value, experiments: { "npc-model": twoArms() } };
    const calls = async () => (await experiments.report("npc-model", { settings: given })).calls;
    await expect.poll(calls).toBe(3 - removed);
    expect([await experiments.prune(), await calls()]).toEqual([0, 3 - removed]);
  });

  test("by hand, and never with null", async () => {
    const keeping = await startWithCalls({ keepDays: null });
    await keeping.settings.update({ experiments: { "npc-model": stopped } });
    await keeping.clock.advance(10_000 * DAY_MS);
    expect(await keeping.experiments.prune()).toBe(0);
    expect(await keeping.calls()).toBe(3);
  });

  test("400 days after the last call, without the option", async () => {
    const { rows } = await startExperiments();
    const asked: number[] = [];
    const prune = async ({ before }: PruneQuery) => asked.push(before);
    const { experiments, clock } = await startExperiments({ rows: { ...rows, prune } });
    await experiments.prune();
    expect(asked).toEqual([clock.now() - 400 * DAY_MS]);
  });

  test("not while the database is away, which is logged each hour", async () => {
    const { rows } = await startExperiments();
    const away = () => Promise.reject(new StorageError({ message: "away", applied: "no" }));
    const { clock, logged, experiments } = await startExperiments({
      guardEveryMs: null,
      rows: { ...rows, prune: away },
    });
    const warnings = () => logged.filter((line) => line.includes("old rows")).length;
    await clock.advance(60_000);
    await expect.poll(warnings).toBe(1);
    await clock.advance(3_600_000);
    await expect.poll(warnings).toBe(2);
    await expect(experiments.prune()).rejects.toThrow("away");
  });

  test.each([0, -1, Number.NaN])("keepDays of %d is refused", async (keepDays) => {
    await expect(startExperiments({ keepDays })).rejects.toThrow("keepDays");
  });
});

describe("erase", () => {
  test.each<[object, number, number]>([
    [{ unit: IN_TUNED }, 2, 1],
    [{ tenant: "acme" }, 2, 1],
    [{ callId: "c3" }, 1, 2],
    [{ tenant: IN_TUNED }, 0, 3],
  ])("%j removes its calls from an experiment that is running", async (request, erased, left) => {
    const { experiments, calls } = await startWithCalls();
    // One of the three forms.
    expect(await experiments.erase(request as { readonly callId: string })).toBe(erased);
    expect(await calls()).toBe(left);
  });

  test("takes the copies of shadow arms with it", async () => {
    const arms = [...twoArms().arms, { id: "next", weight: 10_000, shadow: true, provider: "dark" }];
    const { experiments, calls } = await startWithCalls({ experiment: { arms }, judging: { maxConcurrent: 10 } });
    await experiments.flush();
    await recorded();
    expect((await experiments.report("npc-model")).shadows).toMatchObject([{ calls: 3 }]);
    await experiments.erase({ tenant: "acme" });
    expect((await experiments.report("npc-model")).shadows).toMatchObject([{ calls: 1 }]);
    await experiments.erase({ callId: "c3" });
    expect([await calls(), (await experiments.report("npc-model")).shadows]).toEqual([0, []]);
  });

  test.each<[object, RegExp]>([
    [{}, /unit: expected one of unit, tenant and callId/],
    [{ unit: "a", callId: "c" }, /unit/],
    [{ tenant: "" }, /tenant/],
    [{ callId: 5 }, /callId/],
  ])("%j is refused", async (request, message) => {
    const { experiments } = await startExperiments();
    // What a caller without types may pass.
    await expect(experiments.erase(request as never)).rejects.toThrow(message);
  });

  test("is refused while rows wait for the database, which would come back later", async () => {
    const { rows } = await startExperiments();
    const { llm, experiments } = await startExperiments({
      rows: { ...rows, add: () => Promise.reject(new StorageError({ message: "away", applied: "no" })) },
    });
    await llm.generateText({ prompt: "x", agent: IN_TUNED, callId: "c" });
    await recorded();
    await expect(experiments.erase({ callId: "c" })).rejects.toThrow("erase again");
  });
});
