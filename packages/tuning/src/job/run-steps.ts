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
export function trainingOrderOf({
  id,
  name,
  baseModel,
  modelId,
  dataURL,
  examples,
  config,
}: JournalJob): TrainingOrder {
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
    const { modelId } = await trainer.createModel(trainingOrderOf(job), { abortSignal });
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
    return requestStart(parts, job, abortSignal);
  }
  if (job.state === "start" || job.state === "start_unknown") return find(job);
  return job;

  async function find(lost: JournalJob): Promise<JournalJob> {
    // Only one process looks and starts.
    if (lost.state === "start") await go("start", { state: "start_unknown" });
    if (trainer.findJob === undefined) return findByTraces(lost);
    const found = await trainer.findJob(trainingOrderOf(lost), { abortSignal });
    if (found !== null) {
      await go("start_unknown", { state: "running", jobId: found.jobId });
      return job;
    }
    // The vendor has none, so this is the first start.
    return startAgain(parts, job, abortSignal);
  }

  async function findByTraces(lost: JournalJob): Promise<JournalJob> {
    const traces = await trainer.findTraces?.(trainingOrderOf(lost), { abortSignal });
    const last = traces?.checkpoints.at(-1);
    if (traces === undefined || last === undefined) throw startUnknown(lost, trainer.id);
    if (!traces.isComplete) {
      throw new TuningError(
        "start_unknown",
        `${trainingOrderOf(lost).name} was started: ${trainer.id} has its checkpoint of step ${last.step}. Call resume() again when it has ended, or resolveStart("${lost.id}", { jobId }) to see its events`,
      );
    }
    await go("start_unknown", { state: "ended", checkpoints: traces.checkpoints, step: last.step, steps: last.step });
    return job;
  }
}

/** Starts a job of which it is known that it was not started. Rejects with `conflict` if the vendor has traces of it. */
export async function startAgain(
  { trainer, journal }: StepParts,
  job: JournalJob,
  abortSignal?: AbortSignal,
): Promise<JournalJob> {
  const { checkpoints = [] } = (await trainer.findTraces?.(trainingOrderOf(job), { abortSignal })) ?? {};
  if (checkpoints.length > 0)
    throw new TuningError("conflict", `${trainer.id} has checkpoints of ${trainingOrderOf(job).name}: it was started`);
  const ready = await journal.advance(job.id, ["start_unknown"], { state: "start" });
  if (ready === null) throw new TuningError("conflict", `another process has taken on the job ${job.id}`);
  return requestStart({ trainer, journal }, ready, abortSignal);
}

/** The status of a vendor that limits the number of jobs or requests. */
const TOO_MANY = 429;

/** The one request that must not be made twice. */
async function requestStart(
  { trainer, journal }: Pick<StepParts, "trainer" | "journal">,
  ready: JournalJob,
  abortSignal: AbortSignal | undefined,
): Promise<JournalJob> {
  const order = trainingOrderOf(ready);
  try {
    const { jobId } = await trainer.startJob(order, { abortSignal });
    // Another process may have looked at the job meanwhile, and found its state unknown.
    const running = await journal.advance(ready.id, ["start", "start_unknown"], { state: "running", jobId });
    return running ?? { ...ready, state: "running", jobId };
  } catch (thrown) {
    // A refusal is an answer: nothing was started.
    if (isTuningError(thrown, "refused")) {
      await journal.advance(ready.id, ["start"], { state: "failed", reason: thrown.message });
    } else if (isTuningError(thrown) && (thrown.status === TOO_MANY || !thrown.sent)) {
      // Nothing was started, and a later start may succeed.
      await journal.advance(ready.id, ["start"], { state: "upload" });
      throw thrown;
    } else {
      await journal.advance(ready.id, ["start"], { state: "start_unknown" });
    }
    throw isTuningError(thrown, "unavailable") || isTuningError(thrown, "protocol")
      ? startUnknown(ready, trainer.id, thrown)
      : thrown;
  }
}

const startUnknown = (job: JournalJob, trainer: string, cause?: unknown): TuningError =>
  new TuningError(
    "start_unknown",
    `the reply to the start of ${trainingOrderOf(job).name} was lost: look at ${trainer} whether it runs, then call resolveStart("${job.id}", …)`,
    { cause },
  );
