import { join } from "node:path";
import { type BabylonLLM, createBabylonLLM } from "@babylon/llm";
import {
  buildDataset,
  type CandidateModel,
  createTuning,
  jsonShape,
  openTuningJournal,
  readDataset,
  type Tuning,
  wandbArtifacts,
  wandbTrainer,
} from "@babylon/tuning";
import { executeGameTick } from "@babylon-examples/game-tick";
import { isOrder, startSimulatedTown } from "./simulated-town.ts";

type Print = (line: string) => void;

const AGENTS = 64;
const BASE_MODEL = "meta-llama/Llama-3.1-8B-Instruct";
const NAME = "wager";

/** Plays ticks of the game: each agent plans, places an order and replies to somebody. */
async function play(llm: BabylonLLM, seeds: readonly number[]): Promise<number> {
  let calls = 0;
  for (const seed of seeds) {
    const tick = await executeGameTick({ llm, settings: llm.settings, agents: AGENTS, seed });
    calls += tick.calls;
  }
  return calls;
}

/** Writes the orders of the agents as a dataset. */
async function writeOrders(llm: BabylonLLM, folder: string, print: Print): Promise<void> {
  if (llm.records === null) throw new Error("the records are not open");
  await llm.records.flush();
  await using built = await buildDataset(llm.records, {
    allowSources: ["wandb"],
    // Of the three calls of an agent the one for an order has a schema.
    where: ({ purpose, content }) =>
      purpose === "agents" && content?.requests.at(-1)?.responseFormat?.type === "json-schema",
    split: { test: 0.35, seed: "tidewick" },
  });
  await built.write(folder);
  const { train, test, report } = built;
  print(`2. Dataset: the orders of ${AGENTS} agents: ${train.lines} examples to train on, ${test.lines} held out.`);
  print(
    `   Left out of ${report.seen} calls: ${report.dropped.filtered} of other kinds, ${report.dropped.duplicate} duplicates.`,
  );
}

/** Trains a model and returns its last checkpoint. */
async function train(tuning: Tuning, dataset: string, print: Print): Promise<CandidateModel> {
  const config = { epochs: 2, batchSize: 8, peakLearningRate: 2e-4 };
  const job = await tuning.start({ name: NAME, baseModel: BASE_MODEL, dataset, config });
  print(`3. Training of ${BASE_MODEL} at (simulated) W&B:`);
  for await (const event of job.events()) {
    if (event.type === "step" && event.step % 5 === 0)
      print(`   step ${event.step} of ${event.of}, loss ${event.loss}`);
  }
  const tuned = await job.result();
  print(`   Trained: ${tuned.last.model}`);
  return { ...tuned, model: tuned.last.model };
}

/** Gives the model half of the agents, for a tick. */
async function canary(llm: BabylonLLM, tuning: Tuning, candidate: CandidateModel, print: Print): Promise<void> {
  const started = await tuning.canary(candidate, {
    // Half of the agents, because the town has few: the default is 5 %.
    weight: 0.5,
    plannedUnits: AGENTS,
    purposes: ["agents"],
    force: "the evaluation is about orders, and the model answers all calls of the agents",
  });
  await play(llm, [3]);
  await llm.experiments?.flush();
  const outcome = await started.check();
  started.close();
  print(`5. Canary: half of the agents had the model for a tick: ${outcome?.outcome ?? "it goes on"}.`);
}

/** Plays the whole way on simulators: ticks of the game, dataset, training, evaluation, canary, promotion, rollback. */
export async function tuneOnSimulator(folder: string, print: Print): Promise<void> {
  await using town = await startSimulatedTown();
  const { training, providers } = town;
  const url = (name: string): string => `sqlite://${encodeURI(join(folder, name))}`;
  print("Everything here is simulated: no key, no internet, and answers that are scripted.");
  print("A game asks a large model for the orders of its characters. A small model of its own is to take over.\n");

  const env = { ...providers.env, BABYLON_SETTINGS_URL: url("settings.db"), BABYLON_RECORDS_URL: url("records.db") };
  await using llm = await createBabylonLLM({ env, recordContent: true, experiments: url("experiments.db") });
  print(`1. Recorded: ${await play(llm, [1, 2])} calls of two ticks of the game, with their content.`);
  const dataset = join(folder, "dataset");
  await writeOrders(llm, dataset, print);

  const vendor = { entity: "town", project: "npc", apiKey: training.apiKey };
  const journal = openTuningJournal({ url: url("journal.db") });
  const tuning = createTuning({
    trainer: wandbTrainer({ ...vendor, baseURL: training.trainingURL }),
    artifacts: wandbArtifacts({ ...vendor, baseURL: training.artifactsURL }),
    journal,
    settings: llm.settings,
    llm,
    experiments: llm.experiments,
    pollMs: 20,
  });
  try {
    const candidate = await train(tuning, dataset, print);
    town.teach(candidate.model);

    const { test } = await readDataset(dataset);
    const report = await tuning.evaluate({ candidate, test, scorers: [jsonShape(isOrder)] });
    print(`4. Evaluation on the orders held out, without their schema in the request: ${report.verdict}.`);
    print(
      `   Answers that are an order: ${report.scores.jsonShape?.candidate} of the model, ${report.scores.jsonShape?.baseline} of the chain as it is.`,
    );

    await canary(llm, tuning, candidate, print);

    const ask = async (): Promise<string> => (await llm.generateText({ prompt: "Your order?", agent: "pip" })).model;
    await tuning.promote(candidate, { report, actor: "example" });
    print(`6. Promoted by a change of the settings: ${await ask()} answers.`);
    await tuning.rollBack(NAME, { actor: "example" });
    print(`7. Rolled back: ${await ask()} answers.`);
  } finally {
    await journal.close();
  }
}
