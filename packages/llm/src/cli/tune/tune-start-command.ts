import { resolve } from "node:path";
import { textFlag, wholeFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { openCliTuning } from "./open-cli-tuning.ts";

/** Uploads a dataset and starts a training. */
export const tuneStartCommand: Command = async (context) => {
  const { flags, operands, host, json, print } = context;
  const [dataset, baseModel] = [textFlag(flags, "dataset"), textFlag(flags, "base")];
  if (dataset === undefined) throw new UsageError("--dataset is missing: the folder that tune dataset has written");
  if (baseModel === undefined)
    throw new UsageError("--base is missing: the model that is trained, such as meta-llama/Llama-3.1-8B-Instruct");
  const rate = textFlag(flags, "learning-rate");
  const config = {
    epochs: wholeFlag(flags, "epochs", 1),
    batchSize: wholeFlag(flags, "batch-size", 1),
    peakLearningRate: rate === undefined ? undefined : Number(rate),
  };
  const { tuning, journal } = await openCliTuning(context);
  try {
    const { abortSignal } = host;
    const job = await tuning.start({
      name: operands[0] ?? "",
      baseModel,
      dataset: resolve(host.cwd, dataset),
      config,
      abortSignal,
    });
    if (json) print.json({ ok: true, job: await journal.job(job.id) });
    else print.lines(`${print.styles.bold(job.id)} is running; babylon-llm tune watch ${job.id} prints its progress`);
    return EXIT.ok;
  } finally {
    await journal.close();
  }
};
