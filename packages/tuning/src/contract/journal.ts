import type { TuningEvent } from "../job/tuning-event.ts";
import type { JournalPromotion } from "./journal-promotion.ts";
import type { Checkpoint, TrainingConfig } from "./trainer.ts";
import type { TuningHistory } from "./tuning-history.ts";

/**
 * How far a job is. Each state is stored before its request: `created`; `model`, `upload`, `start`: the request may have been made; `running`: the
 * job was started; `ended`, `failed`. `start_unknown`: the reply to the start was lost.
 */
export type JobState = "created" | "model" | "upload" | "start" | "running" | "ended" | "failed" | "start_unknown";

/** A job as the journal has it. */
export interface JournalJob {
  readonly id: string;
  readonly state: JobState;
  /** The name that the model has in the settings. */
  readonly name: string;
  readonly trainer: string;
  readonly baseModel: string;
  readonly config: TrainingConfig;
  /** The folder of the dataset. */
  readonly folder: string;
  readonly datasetSha256: string;
  readonly examples: number;
  readonly createdAtEpochMs: number;
  /** `null`, here and below: not known yet. */
  readonly modelId: string | null;
  readonly dataURL: string | null;
  readonly jobId: string | null;
  /** Of the last event that was passed on. */
  readonly cursor: string | null;
  readonly step: number;
  readonly steps: number | null;
  readonly reason: string | null;
  readonly checkpoints: readonly Checkpoint[];
}

/** Where a tuning keeps what it has begun, so that nothing is started twice. Rejects with `StorageError`. */
export interface TuningJournal extends TuningHistory {
  /** Adds a job. */
  create(job: JournalJob): Promise<void>;
  /** Changes a job if it is in one of these states, and adds an event with the change; returns the changed job, or `null`. */
  advance(
    id: string,
    from: readonly JobState[],
    change: Partial<Omit<JournalJob, "id">>,
    event?: TuningEvent,
  ): Promise<JournalJob | null>;
  /** A job; `null`: there is none with this id. */
  job(id: string): Promise<JournalJob | null>;
  /** Newest first. */
  jobs(): Promise<readonly JournalJob[]>;
  /** Adds a promotion, or replaces it: the settings may have changed before it was committed. */
  addPromotion(promotion: JournalPromotion): Promise<void>;
  /** Newest first, those that were not rolled back. */
  promotions(name: string): Promise<readonly JournalPromotion[]>;
  /** A promotion is not one of `promotions` any more. */
  markRolledBack(id: string): Promise<void>;
  /** Calls fail afterwards. */
  close(): Promise<void>;
}
