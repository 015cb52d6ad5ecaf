import type { TunedModel } from "@babylon/tuning";
import { textFlag } from "../arguments/read-flag.ts";
import type { Command } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { formatCost } from "../output/format-cost.ts";
import { chosenJob, openCliTuning } from "./open-cli-tuning.ts";
import { printTuningEvents } from "./print-tuning-events.ts";

/** The cost with what it is of; without a cost, why it is not known. */
function costLine({ cost, costNote }: TunedModel): string {
  return cost === null ? `cost not known: ${costNote}` : `cost ${formatCost(cost.nanoUsd)}: ${costNote}`;
}

/** Goes on with a job, prints its events, and the model at the end. */
export const tuneWatchCommand: Command = async (context) => {
  const { flags, operands, host, json, print } = context;
  const { abortSignal } = host;
  const { tuning, journal } = await openCliTuning(context);
  try {
    const { id } = await chosenJob(journal, operands);
    const jobId = textFlag(flags, "started");
    if (jobId !== undefined) await tuning.resolveStart(id, { jobId }, { abortSignal });
    else if (flags.has("not-started")) await tuning.resolveStart(id, "not-started", { abortSignal });
    const resumed = await tuning.resume({ abortSignal });
    const error = resumed.find(({ job }) => job.id === id)?.error ?? null;
    if (error !== null) throw error;
    await printTuningEvents(tuning.watch(id, { abortSignal }), context);
    const tuned = await (await tuning.job(id)).result({ abortSignal });
    if (json) print.json({ ok: true, tuned }, "line");
    else print.lines(`${print.styles.good("trained")}: ${tuned.last.model}`, print.styles.dim(costLine(tuned)));
    return EXIT.ok;
  } finally {
    await journal.close();
  }
};
