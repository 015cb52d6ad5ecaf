import type { Cost } from "@babylon/llm-core";
import type { JobState } from "../contract/journal.ts";
import type { Checkpoint } from "../contract/trainer.ts";
import type { TuningEvent } from "./tuning-event.ts";

/** What came of a job. */
export interface TunedModel {
  /** The id of its job in the journal. */
  readonly id: string;
  readonly name: string;
  /** The provider that serves it. */
  readonly provider: string;
  readonly baseModel: string;
  readonly datasetSha256: string;
  /** By step; never empty. */
  readonly checkpoints: readonly Checkpoint[];
  /** The last checkpoint: no metric of the trainer says more than an evaluation. */
  readonly last: Checkpoint;
  /** Of the training; `null`: not known. */
  readonly cost: Cost | null;
  /** What the cost is of, with the source of a price and its date; or why it is not known. */
  readonly costNote: string;
}

/** A job. */
export interface TuningJob {
  /** The id in the journal. */
  readonly id: string;
  readonly name: string;
  /** As of the last read of the journal. */
  readonly state: JobState;
  /**
   * Events from the last one on that was passed on by any process, over cut connections and restarts: each once, in order. Ends after `ended` or
   * `failed`. One reader at a time.
   */
  events(options?: { readonly abortSignal?: AbortSignal | undefined }): AsyncIterable<TuningEvent>;
  /** Reads the events to the end and resolves with the model. Rejects with `training_failed` and `start_unknown`. */
  result(options?: { readonly abortSignal?: AbortSignal | undefined }): Promise<TunedModel>;
}
