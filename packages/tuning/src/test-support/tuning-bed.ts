import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTuningSimulator, type TuningSimulator, type TuningSimulatorOptions } from "@babylon/llm-testing";
import { wandbArtifacts } from "../artifacts/wandb-artifacts.ts";
import type { ArtifactStore } from "../contract/artifact-store.ts";
import type { TuningJournal } from "../contract/journal.ts";
import type { Trainer } from "../contract/trainer.ts";
import { createTuning } from "../create-tuning.ts";
import { buildDataset } from "../dataset/build-dataset.ts";
import { openTuningJournal } from "../journal/open-tuning-journal.ts";
import { wandbTrainer } from "../trainer/wandb-trainer.ts";
import type { Tuning } from "../tuning.ts";
import { chatRecord, contentOf } from "./chat-record.ts";

/** The base model of the tests. */
export const BASE_MODEL = "meta-llama/Llama-3.1-8B-Instruct";

/** A simulator, a folder with a dataset of 40 examples, and a journal. */
export interface TuningBed {
  readonly simulator: TuningSimulator;
  readonly folder: string;
  readonly dataset: string;
  readonly journal: TuningJournal;
  readonly tuning: Tuning;
  close(): Promise<void>;
}

/** Trainer and artifacts of W&B, against a simulator. */
export const wandbParts = ({
  trainingURL,
  artifactsURL,
  apiKey,
}: Pick<TuningSimulator, "trainingURL" | "artifactsURL" | "apiKey">): {
  readonly trainer: Trainer;
  readonly artifacts: ArtifactStore;
} => ({
  trainer: wandbTrainer({ entity: "team", project: "games", apiKey, baseURL: trainingURL, random: () => 0 }),
  artifacts: wandbArtifacts({ entity: "team", project: "games", apiKey, baseURL: artifactsURL, random: () => 0 }),
});

/** Writes a dataset of 40 examples. */
export async function writeDataset(folder: string): Promise<string> {
  const records = Array.from({ length: 50 }, (_, index) =>
    chatRecord(`c${index}`, contentOf(`question ${index}`, `answer ${index}`)),
  );
  await using dataset = await buildDataset(records, { allowSources: ["wandb"], split: { test: 0.2, seed: "s" } });
  const target = join(folder, "dataset");
  await dataset.write(target);
  return target;
}

/** Starts all of it. */
export async function startTuningBed(options: TuningSimulatorOptions = {}): Promise<TuningBed> {
  const simulator = await startTuningSimulator(options);
  const folder = mkdtempSync(join(tmpdir(), "babylon-tuning-"));
  const journal = openTuningJournal({ url: `sqlite://${join(folder, "journal.db")}` });
  return {
    simulator,
    folder,
    dataset: await writeDataset(folder),
    journal,
    tuning: createTuning({ ...wandbParts(simulator), journal, pollMs: 1 }),
    async close() {
      await journal.close();
      await simulator.close();
      rmSync(folder, { recursive: true });
    },
  };
}
