import type { JournalJob } from "../contract/journal.ts";
import { TuningError } from "../contract/tuning-error.ts";
import { trainingOrderOf } from "./run-steps.ts";
import type { TunedModel, TuningJob } from "./tuning-job.ts";
import { type WatchParts, watchJob } from "./watch-job.ts";

/** A job of the journal, as its user sees it. */
export function createJob(parts: WatchParts, first: JournalJob): TuningJob {
  const { journal, trainer } = parts;
  let job = first;

  async function refresh(): Promise<JournalJob> {
    job = (await journal.job(job.id)) ?? job;
    return job;
  }

  async function* events(abortSignal: AbortSignal | undefined) {
    yield* watchJob(parts, await refresh(), abortSignal);
    await refresh();
  }

  return {
    id: first.id,
    name: first.name,
    get state() {
      return job.state;
    },
    events: ({ abortSignal } = {}) => events(abortSignal),
    async result({ abortSignal } = {}): Promise<TunedModel> {
      await refresh();
      if (job.state === "running") for await (const _ of events(abortSignal));
      const { id, name, baseModel, datasetSha256, checkpoints, jobId } = job;
      const last = checkpoints.at(-1);
      if (job.state === "failed")
        throw new TuningError("training_failed", `the job ${id} failed: ${job.reason ?? "no reason given"}`);
      if (job.state === "start_unknown")
        throw new TuningError("start_unknown", `it is not known whether the job ${id} runs`);
      if (job.state !== "ended" || last === undefined)
        throw new TuningError("unknown_job", `the job ${id} does not run: resume() goes on with it`);
      const { cost, note: costNote } = (await trainer.cost?.(trainingOrderOf(job), jobId, { abortSignal })) ?? {
        cost: null,
        note: `${trainer.id} does not report what a training costs`,
      };
      return { id, name, provider: trainer.id, baseModel, datasetSha256, checkpoints, last, cost, costNote };
    },
  };
}
