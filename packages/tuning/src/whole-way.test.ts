import { join } from "node:path";
import { createLLMClient, type Message } from "@babylon/llm-core";
import { startProviderSimulator } from "@babylon/llm-testing";
import { groq } from "@babylon/provider-groq";
import { wandb } from "@babylon/provider-wandb";
import { createSettingsStore } from "@babylon/settings-store";
import { expect, test } from "vitest";
import { createTuning } from "./create-tuning.ts";
import { readDataset } from "./dataset/open-dataset.ts";
import { exact } from "./evaluate/exact.ts";
import { BASE_MODEL, startTuningBed, wandbParts } from "./test-support/tuning-bed.ts";

test("from a dataset to a model in the chain, and back", async () => {
  const bed = await startTuningBed();
  const { simulator } = bed;
  await using providers = await startProviderSimulator({ adapters: (model) => simulator.isServed(model) });
  const settings = await createSettingsStore({ url: `sqlite://${join(bed.folder, "settings.db")}`, env: {} });
  const llm = createLLMClient({ providers: [wandb(), groq()], settings, env: { ...providers.env } });
  const tuning = createTuning({ ...wandbParts(simulator), journal: bed.journal, settings, llm, pollMs: 1 });

  const job = await tuning.start({ name: "npc", baseModel: BASE_MODEL, dataset: bed.dataset, config: { epochs: 2 } });
  const early = { provider: "wandb", model: `wandb-artifact:///team/games/npc-${job.id}:step40` };
  await expect(tuning.warmUp(early)).rejects.toMatchObject({ code: "not_servable" });
  const tuned = await job.result();
  const candidate = { ...tuned, model: tuned.last.model };

  const { test: held } = await readDataset(bed.dataset);
  const report = await tuning.evaluate({ candidate, test: held, scorers: [exact()] });
  expect([report.pairs, report.verdict]).toEqual([held.lines, "undecided"]);
  await expect(tuning.promote(candidate, { report })).rejects.toMatchObject({ code: "not_better" });

  await tuning.promote(candidate, { report, force: "the simulator does not learn", actor: "ada" });
  const ask = () => llm.generateText({ messages: [{ role: "user", content: "hello" } satisfies Message] });
  expect(await ask()).toMatchObject({ provider: "wandb", model: tuned.last.model });

  // The adapter loads: calls that do not wait for it are served by the chain, and the health names it. The warm-up waits.
  providers.setFault("wandb", { kind: "slow", delayMs: 2_500 }, { model: tuned.last.model });
  const parts = { providers: [wandb(), groq()], settings, env: { ...providers.env } };
  const service = createLLMClient({ ...parts, timeouts: { firstTokenMs: 400 }, retry: { maxRetries: 0 } });
  const calls = Array.from({ length: 20 }, () => service.generateText({ prompt: "hello" }));
  expect(new Set((await Promise.all(calls)).map(({ provider }) => provider))).toEqual(new Set(["groq"]));
  const loading = service.health().find(({ model }) => model === tuned.last.model);
  expect(loading).toMatchObject({ provider: "wandb", code: "timeout" });
  await service.close();
  await tuning.warmUp(candidate);
  providers.clearFaults();
  expect((await ask()).model).toBe(tuned.last.model);

  // The adapter is gone: every call is served by the chain.
  providers.setFault("wandb", { kind: "status", status: 404 });
  for (let call = 0; call < 5; call += 1) expect((await ask()).provider).toBe("groq");
  const lost = llm.health().find(({ model }) => model === tuned.last.model);
  expect(lost).toMatchObject({ provider: "wandb", code: "model_not_found" });
  providers.clearFaults();

  await tuning.rollBack("npc", { actor: "ada" });
  expect((await settings.get()).value).toEqual({ order: null, providers: {}, agents: {} });
  await llm.close();
  await settings.close();
  await bed.close();
});
