import type { JournalEvent, JournalJob } from "@babylon/tuning/contract";
import type { JobData } from "../contract.ts";
import type { ReadCost } from "./read-cost.ts";
import { toJobSummary, toShortEvent } from "./summaries.ts";

/** What a reply about a job is made of. */
export interface JobParts extends ReadCost {
  readonly job: JournalJob;
  readonly latest: JournalEvent | null;
  readonly events: readonly JournalEvent[];
  /** The cursor of the request. */
  readonly after: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The reply about a job. Fields of the trainer's own request are left out: they may have anything. */
export function toJobData({ job, latest, events, after, now, cost, costNote }: JobParts): JobData {
  const next = events.at(-1)?.number ?? after;
  const { epochs, batchSize, peakLearningRate, schedule, assistantTurns } = job.config;
  return {
    job: toJobSummary(job, latest),
    config: { epochs, batchSize, peakLearningRate, schedule, assistantTurns },
    cost,
    costNote,
    events: events.map(toShortEvent),
    next,
    more: latest !== null && latest.number > next,
    now,
  };
}
