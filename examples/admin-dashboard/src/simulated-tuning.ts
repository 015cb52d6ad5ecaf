import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type BabylonLLM, defaultProviders } from "@babylon/llm";
import { createLLMClient, type Env, type Logger } from "@babylon/llm-core";
import { type ProviderSimulator, startTuningSimulator } from "@babylon/llm-testing";
import {
  buildDataset,
  createTuning,
  exact,
  jsonShape,
  openTuningJournal,
  readDataset,
  type Trainer,
  wandbArtifacts,
  wandbTrainer,
} from "@babylon/tuning";
import type { OpenedTuning } from "./open-tuning.ts";
import { simulatedConversations, USUAL_ANSWER } from "./simulated-conversations.ts";

/** What it is played with. */
export interface SimulatedTuningParts {
  /** That of the dashboard: its settings are changed by promotions. */
  readonly llm: BabylonLLM;
  readonly env: Env;
  readonly simulator: ProviderSimulator;
  readonly logger: Logger;
}

const BASE_MODEL = "meta-llama/Llama-3.1-8B-Instruct";
/** Between two reads of the training that is watched live. */
const LIVE_MS = 1_500;

/**
 * Plays a training on a simulator, so that the page Tuning has something to show: a dataset, a training that has ended, its evaluation, which says
 * "better", and a training that goes on for some minutes.
 */
export async function startSimulatedTuning({
  llm,
  env,
  simulator,
  logger,
}: SimulatedTuningParts): Promise<OpenedTuning> {
  const folder = await mkdtemp(join(tmpdir(), "babylon-dashboard-tuning-"));
  const training = await startTuningSimulator({ stepsPerPoll: 2 });
  const journal = openTuningJournal({ url: `sqlite://${encodeURI(join(folder, "journal.db"))}` });
  // A client of its own: calls of evaluations are not in the figures of the service.
  const quiet = createLLMClient({ providers: defaultProviders(), settings: llm.settings, env });
  const controller = new AbortController();
  const { signal: abortSignal } = controller;
  const vendor = { entity: "town", project: "games", apiKey: training.apiKey };
  const trainer = wandbTrainer({ ...vendor, baseURL: training.trainingURL });
  let isLive = false;
  const paced: Trainer = {
    ...trainer,
    async events(jobId, after, call) {
      if (isLive) await pause(LIVE_MS, undefined, { signal: abortSignal });
      return trainer.events(jobId, after, call);
    },
  };
  const tuning = createTuning({
    trainer: paced,
    artifacts: wandbArtifacts({ ...vendor, baseURL: training.artifactsURL }),
    journal,
    settings: llm.settings,
    llm: quiet,
    experiments: llm.experiments,
    dataFolder: folder,
    pollMs: LIVE_MS,
  });

  async function play(): Promise<void> {
    const dataset = join(folder, "townsperson");
    {
      await using built = await buildDataset(simulatedConversations(Date.now(), Math.random), {
        allowSources: ["wandb", "groq"],
        split: { test: 0.25, seed: "town" },
        abortSignal,
      });
      await built.write(dataset);
    }
    const config = { epochs: 2, batchSize: 2, peakLearningRate: 2e-4 };
    const request = { name: "townsperson", baseModel: BASE_MODEL, dataset, config, abortSignal };
    const job = await tuning.start(request);
    const { provider, last } = await job.result({ abortSignal });
    // A simulator does not learn: what the trained model answers is set here.
    simulator.setFault("wandb", { kind: "answer", text: USUAL_ANSWER }, { model: last.model });
    const { test } = await readDataset(dataset);
    const shape = jsonShape((value) => typeof value === "object" && value !== null && "mood" in value);
    await tuning.evaluate({
      candidate: { provider, model: last.model },
      test,
      scorers: [exact(), shape],
      maxExamples: 40,
      concurrency: 8,
      abortSignal,
    });
    isLive = true;
    const live = await tuning.start(request);
    for await (const _ of live.events({ abortSignal }));
  }
  const playing = play().catch((thrown: unknown) => {
    if (!abortSignal.aborted) logger.warn("the simulated tuning ended", { error: String(thrown) });
  });
  return {
    tuning,
    description: "a training is simulated",
    async close() {
      controller.abort();
      await playing;
      await quiet.close();
      await journal.close();
      await training.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
