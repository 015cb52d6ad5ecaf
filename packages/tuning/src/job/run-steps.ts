import type { ArtifactStore } from "../contract/artifact-store.ts";
import type { JobState, JournalJob, TuningJournal } from "../contract/journal.ts";
import type { Trainer, TrainingOrder } from "../contract/trainer.ts";
import { isTuningError, TuningError } from "../contract/tuning-error.ts";
import { readDataset } from "../dataset/open-dataset.ts";

/** What the steps of a job use. */
export interface StepParts {
  readonly trainer: Trainer;
  readonly artifacts: ArtifactStore;
  readonly journal: TuningJournal;
}

/** What a trainer needs to know about a job. */
export function orderOf({ id, name, baseModel, modelId, dataURL, examples, config }: JournalJob): TrainingOrder {
  return {
    name: modelNameOf(name, id),
    baseModel,
    modelId: modelId ?? "",
    dataURL: dataURL ?? "",
    examples,
    config,
  };
}

/** The name of the model at the vendor: unique, so that it can be found again. */
export const modelNameOf = (name: string, id: string): string => `${name}-${id}`;

/**
 * Takes a job from where it is to a running one. Each state is in the journal before its request: what has the same effect twice is repeated after
 * a crash, and the start is not.
 */
export async function runSteps(parts: StepParts, first: JournalJob, abortSignal?: AbortSignal): Promise<JournalJob> {
  const { trainer, artifacts, journal } = parts;
  let job = first;

  const go = async (from: JobState, change: Partial<Omit<JournalJob, "id">>): Promise<void> => {
    const changed = await journal.advance(job.id, [from], change);
    if (changed === null) throw new TuningError("conflict", `another process has taken on the job ${job.id}`);
    job = changed;
  };

  if (job.state === "created") await go("created", { state: "model" });
  if (job.state === "model") {
    const { modelId } = await trainer.createModel(orderOf(job), { abortSignal });
    await go("model", { state: "upload", modelId });
  }
  if (job.state === "upload") {
    const { train } = await readDataset(job.folder);
    if (train.sha256 !== job.datasetSha256) {
      throw new TuningError(
        "conflict",
        `the dataset in ${job.folder} is not the one that the job ${job.id} was made for`,
      );
    }
    const { dataURL } = await artifacts.put({
      name: modelNameOf(job.name, train.sha256.slice(0, 12)),
      uploadId: job.id,
      file: train.file,
      facts: train,
      abortSignal,
    });
    // From here on the start may have been requested.
    await go("upload", { state: "start", dataURL });
    return start(job);
  }
  if (job.state === "start" || job.state === "start_unknown") return find(job);
  return job;

  async function start(ready: JournalJob): Promise<JournalJob> {
    try {
      const { jobId } = await trainer.startJob(orderOf(ready), { abortSignal });
      await go("start", { state: "running", jobId });
      return job;
    } catch (thrown) {
      // A refusal is an answer: nothing was started.
      if (isTuningError(thrown, "refused")) {
        await go("start", { state: "failed", reason: thrown.message });
        throw thrown;
      }
      if (job.state !== "start") throw thrown;
      return find(job);
    }
  }

  async function find(lost: JournalJob): Promise<JournalJob> {
    if (trainer.findJob === undefined) {
      if (lost.state === "start") await go("start", { state: "start_unknown" });
      throw new TuningError(
        "start_unknown",
        `the reply to the start of ${orderOf(lost).name} was lost, and ${trainer.id} has no list of jobs: look there, then call resolveStart("${lost.id}", …)`,
      );
    }
    const found = await trainer.findJob(orderOf(lost), { abortSignal });
    if (found !== null) {
      await go(lost.state, { state: "running", jobId: found.jobId });
      return job;
    }
    // The vendor says that there is none, so this is the first start.
    if (lost.state === "start_unknown") await go("start_unknown", { state: "start" });
    const { jobId } = await trainer.startJob(orderOf(lost), { abortSignal });
    await go("start", { state: "running", jobId });
    return job;
  }
}
