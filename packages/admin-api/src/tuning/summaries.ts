import type { JournalDataset, JournalEvaluationSummary, JournalEvent, JournalJob } from "@babylon/tuning/contract";
import type { DatasetSummary, EvaluationSummary, JobSummary } from "../contract.ts";

/** A vendor's text may be of any length. */
const MAX_REASON = 1_000;

/** A dataset of the journal. */
export function toDatasetSummary({ folder, atEpochMs, report }: JournalDataset): DatasetSummary {
  const { seen, kept, train, test, tokens, sources } = report;
  return { id: train.sha256, folder, at: atEpochMs, seen, kept, train: train.lines, test: test.lines, tokens, sources };
}

/** A job of the journal. Field by field: a field that a later version stores does not leave by itself. */
export function toJobSummary(job: JournalJob, latest: JournalEvent | null): JobSummary {
  return {
    id: job.id,
    name: job.name,
    state: job.state,
    trainer: job.trainer,
    baseModel: job.baseModel,
    dataset: job.datasetSha256,
    examples: job.examples,
    createdAt: job.createdAtEpochMs,
    jobId: job.jobId,
    step: job.step,
    steps: job.steps,
    reason: job.reason?.slice(0, MAX_REASON) ?? null,
    checkpoints: job.checkpoints.map(({ step, metrics, model }) => ({ step, metrics, model })),
    latest: latest === null ? null : toShortEvent(latest),
  };
}

/** An event whose reason has a limited length. */
export function toShortEvent({ number, event }: JournalEvent): JournalEvent {
  if (event.type !== "failed") return { number, event };
  return { number, event: { ...event, reason: event.reason?.slice(0, MAX_REASON) ?? null } };
}

/** An evaluation of the journal, with the job that its candidate came of. */
export function toEvaluationSummary(
  { id, report, examples }: JournalEvaluationSummary,
  jobs: readonly JournalJob[],
): EvaluationSummary {
  const { model } = report.candidate;
  const job = jobs.find(({ checkpoints }) => checkpoints.some((checkpoint) => checkpoint.model === model));
  return { id, report, job: job?.id ?? null, examples };
}
