import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createExperiments, type JudgingLimits, openExperimentRows } from "@babylon/experiments";
import { NO_USAGE } from "@babylon/llm-core";
import { fixedRouter, mockProvider } from "@babylon/llm-testing";
import { createPricer } from "@babylon/prices";
import { openSharedState } from "@babylon/shared-state";
import { describe, expect, onTestFinished, test } from "vitest";
import { createBabylonLLM } from "../create-babylon-llm.ts";
import { toSettingsSource } from "../given-settings.ts";

const providers = () => [mockProvider({ id: "a" }), mockProvider({ id: "b" })];
const EXPERIMENT = {
  state: "running",
  unit: "agent",
  arms: [
    { id: "control", weight: 5_000 },
    { id: "tuned", weight: 5_000, provider: "b", model: "b-tuned" },
  ],
  metric: "accepted",
  direction: "up",
} as const;

async function place(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "babylon-llm-experiments-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return `sqlite://${directory}/experiments.db`;
}

test("a client with the option assigns, records and reports, and a second process sees the rows", async () => {
  const url = await place();
  const settings = { experiments: { "npc-model": EXPERIMENT } };
  await using llm = await createBabylonLLM({ env: {}, providers: providers(), settings, experiments: url });
  const served = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      llm.generateText({ prompt: "x", agent: `npc-${index}`, callId: `c${index}` }),
    ),
  );
  const tuned = served.filter(({ provider }) => provider === "b").length;
  expect(tuned).toBeGreaterThan(5);
  await llm.experiments?.observe({ callId: "c0", metric: "accepted", value: true });
  await llm.experiments?.flush();
  await using other = await createBabylonLLM({
    env: { BABYLON_EXPERIMENTS_URL: url },
    providers: providers(),
    settings: llm.settings,
  });
  const report = await other.experiments?.report("npc-model");
  expect(report).toMatchObject({ units: 40, calls: 40, arms: [{ units: 40 - tuned }, { units: tuned }] });
});

test("experiments are changed in the store of the client", async () => {
  await using llm = await createBabylonLLM({
    env: {},
    providers: providers(),
    settings: "memory://",
    experiments: { url: "memory://", guardEveryMs: null },
  });
  await llm.settings.update({ experiments: { "npc-model": EXPERIMENT } });
  await llm.experiments?.promote("npc-model", { winner: "tuned", actor: "ada" });
  expect((await llm.plan()).links[0]).toMatchObject({
    provider: "b",
    model: "b-tuned",
    reason: "model of the settings",
  });
});

test("without the option and the variable there are none; experiments of your own are not closed", async () => {
  await using llm = await createBabylonLLM({ env: {}, providers: providers(), settings: {} });
  expect(llm.experiments).toBeNull();
  const rows = await openExperimentRows({ url: "memory://" });
  const own = createExperiments({ rows });
  const second = await createBabylonLLM({ env: {}, providers: providers(), settings: {}, experiments: own });
  expect(second.experiments).toBe(own);
  await second.close();
  await own.observe({ callId: "c", metric: "m", value: 1 });
  await own.close();
  expect(own.lost).toBe(0);
  await rows.close();
});

describe("two processes with experiments of their own and one shared state", () => {
  /** Calls in turn by two clients with an experiment of which each call is copied. Returns the number of copies. */
  async function copies(judging: JudgingLimits, shared: boolean): Promise<number> {
    const state = await openSharedState({ url: "memory://" });
    const arms = [
      ...EXPERIMENT.arms,
      { id: "next", weight: 10_000, shadow: true, provider: "dark", model: "dark-model" },
    ];
    const settings = toSettingsSource({ experiments: { "npc-model": { ...EXPERIMENT, arms } } });
    // A copy costs 3 US dollars, and may cost 4.1.
    const usdPerMTok = { input: 0, output: 1_000 };
    const pricer = createPricer({
      overrides: [{ provider: "dark", model: "dark-model", from: "2020-01-01", usdPerMTok }],
    });
    const dark = mockProvider({ id: "dark", steps: () => ({ usage: { ...NO_USAGE, outputTokens: 3_000 } }) });
    const processes = await Promise.all(
      [1, 2].map(async () => {
        const rows = await openExperimentRows({ url: "memory://" });
        const experiments = createExperiments({ rows, settings, judging, guardEveryMs: null, keepDays: null });
        const llm = await createBabylonLLM({
          env: {},
          providers: [...providers(), dark],
          settings,
          experiments,
          pricer,
          ...(shared ? { state } : {}),
        });
        return { rows, experiments, llm };
      }),
    );
    for (let call = 0; call < 4; call += 1) {
      for (const { llm, experiments } of processes) {
        await llm.generateText({ prompt: "x", agent: `npc-${call}` });
        await experiments.flush();
      }
    }
    for (const { llm, experiments, rows } of processes) {
      await llm.close();
      await experiments.close();
      await rows.close();
    }
    await state.close();
    return dark.calls.length;
  }

  test.each<[string, JudgingLimits, number, number]>([
    ["the number of copies an hour", { maxCallsPerHour: 3, maxUsdPerDay: 1_000 }, 3, 6],
    // After two there are 2 dollars left, and one more may cost 4.1. Alone each stops when the money is spent.
    ["the money of a day", { maxUsdPerDay: 8 }, 2, 6],
    ["no limit of money", { maxUsdPerDay: Number.POSITIVE_INFINITY }, 8, 8],
  ])("share %s", async (_, judging, together, alone) => {
    expect(await copies(judging, true)).toBe(together);
    expect(await copies(judging, false)).toBe(alone);
  });
});

test.each<[string, object, RegExp]>([
  ["another router", { experiments: "memory://", router: fixedRouter([]) }, /router/],
  ["a URL of another engine", { experiments: "redis://host" }, /experiments: /],
  [
    "limits that are not numbers",
    { experiments: { url: "memory://", judging: { maxConcurrent: -1 } } },
    /judging\.maxConcurrent/,
  ],
  [
    "a limit of output tokens that is none",
    { experiments: { url: "memory://", judging: { maxOutputTokens: 0.5 } } },
    /judging\.maxOutputTokens/,
  ],
])("%s is refused", async (_, options, message) => {
  await expect(createBabylonLLM({ env: {}, providers: providers(), settings: {}, ...options })).rejects.toThrow(
    message,
  );
});
