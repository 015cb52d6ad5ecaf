import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createExperiments, openExperimentRows } from "@babylon/experiments";
import { fixedRouter, mockProvider } from "@babylon/llm-testing";
import { expect, onTestFinished, test } from "vitest";
import { createBabylonLLM } from "../create-babylon-llm.ts";

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

test.each<[string, object, RegExp]>([
  ["another router", { experiments: "memory://", router: fixedRouter([]) }, /router/],
  ["a URL of another engine", { experiments: "redis://host" }, /experiments: /],
  [
    "limits that are not numbers",
    { experiments: { url: "memory://", judging: { maxConcurrent: -1 } } },
    /judging\.maxConcurrent/,
  ],
])("%s is refused", async (_, options, message) => {
  await expect(createBabylonLLM({ env: {}, providers: providers(), settings: {}, ...options })).rejects.toThrow(
    message,
  );
});
