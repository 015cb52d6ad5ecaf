import { join } from "node:path";
import { type BabylonLLM, createBabylonLLM } from "@babylon/llm";
import {
  buildDataset,
  createTuning,
  exact,
  jsonShape,
  openTuningJournal,
  readDataset,
  wandbArtifacts,
  wandbTrainer,
} from "@babylon/tuning";
import { GOOD_ANSWER, startSimulatedTown } from "./simulated-town.ts";

const CALLS = 300;
const BASE_MODEL = "meta-llama/Llama-3.1-8B-Instruct";

const ask = (llm: BabylonLLM, number: number, provider?: string) =>
  llm.generateText({
    system: "You are a townsperson. Answer with your mood, as JSON.",
    prompt: `It is hour ${number}. Write to me at villager${number}@town.example.`,
    agent: `npc-${number % 60}`,
    purpose: "npc-mood",
    provider,
  });

/** Plays the whole way on simulators: records, dataset, training, evaluation, promotion, rollback. */
export async function tuneOnSimulator(folder: string, print: (line: string) => void): Promise<void> {
  await using town = await startSimulatedTown();
  const { training, providers } = town;
  const url = (name: string): string => `sqlite://${encodeURI(join(folder, name))}`;
  print("Everything here is simulated: no key, no internet, and answers that are scripted.\n");

  const env = { ...providers.env, BABYLON_SETTINGS_URL: url("settings.db"), BABYLON_RECORDS_URL: url("records.db") };
  await using llm = await createBabylonLLM({ env, recordContent: true });
  for (let number = 0; number < CALLS; number += 1) await ask(llm, number, "groq");
  const { records } = llm;
  if (records === null) throw new Error("the records are not open");
  await records.flush();
  print(`1. Recorded: ${CALLS} calls of the teacher, with content.`);

  const dataset = join(folder, "dataset");
  {
    await using built = await buildDataset(records, { allowSources: ["groq"], split: { test: 0.2, seed: "town" } });
    await built.write(dataset);
    const { train, test, report } = built;
    print(`2. Dataset: ${train.lines} examples and ${test.lines} held out; masked: ${JSON.stringify(report.masked)}.`);
  }

  const vendor = { entity: "town", project: "npc", apiKey: training.apiKey };
  const journal = openTuningJournal({ url: url("journal.db") });
  const tuning = createTuning({
    trainer: wandbTrainer({ ...vendor, baseURL: training.trainingURL }),
    artifacts: wandbArtifacts({ ...vendor, baseURL: training.artifactsURL }),
    journal,
    settings: llm.settings,
    llm,
  });
  try {
    const config = { epochs: 2, batchSize: 16, peakLearningRate: 2e-4 };
    const job = await tuning.start({ name: "npc", baseModel: BASE_MODEL, dataset, config });
    for await (const event of job.events()) {
      const isShown = event.type !== "step" || event.step % 10 === 0;
      if (isShown)
        print(
          event.type === "step"
            ? `   step ${event.step} of ${event.of}, loss ${event.loss}`
            : `3. Training ${event.type}.`,
        );
    }
    const tuned = await job.result();
    const candidate = { ...tuned, model: tuned.last.model };
    providers.setFault("wandb", { kind: "answer", text: GOOD_ANSWER }, { model: candidate.model });

    const { test } = await readDataset(dataset);
    const shape = jsonShape((value) => typeof value === "object" && value !== null && "mood" in value);
    const report = await tuning.evaluate({ candidate, test, scorers: [exact(), shape] });
    print(`4. Evaluated: ${report.verdict}, ${report.why}.`);

    await tuning.promote(candidate, { report, actor: "example" });
    print(`5. Promoted: ${(await ask(llm, 1)).model} answers.`);
    await tuning.rollBack("npc", { actor: "example" });
    print(`6. Rolled back: ${(await ask(llm, 2)).model} answers.`);
  } finally {
    await journal.close();
  }
}
