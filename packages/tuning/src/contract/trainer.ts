import type { Cost, JsonObject } from "@babylon/llm-core";

/** How a model is trained. What a trainer does not support is refused by it. */
export interface TrainingConfig {
  /** How often each example is seen. Default 1. */
  readonly epochs?: number | undefined;
  /** Examples per step. Default: the trainer's. */
  readonly batchSize?: number | undefined;
  /** The highest learning rate. Default: the trainer's. */
  readonly peakLearningRate?: number | undefined;
  /** How the rate changes over the steps: `linear` falls to a tenth after a short rise. Default `linear`. */
  readonly schedule?: "constant" | "linear" | undefined;
  /** Which answers of a conversation are learned. Default: the trainer's. */
  readonly assistantTurns?: "all" | "last" | undefined;
  /** Further fields of the trainer's own request. */
  readonly extra?: JsonObject | undefined;
}

/** What a job is started with. All of it is in the journal before. */
export interface TrainingOrder {
  /** A name that is used for nothing else, so that a model or a job can be found again by it. */
  readonly name: string;
  readonly baseModel: string;
  /** The trainer's own id of the model, from `createModel`. */
  readonly modelId: string;
  /** Where the examples are, from an artifact store that the trainer can read. */
  readonly dataURL: string;
  /** Number of examples. */
  readonly examples: number;
  readonly config: TrainingConfig;
}

/** What a trainer reports about a job. `cursor` is opaque, unique for each event, and later ones follow from it. */
export type TrainerEvent =
  | { readonly cursor: string; readonly type: "started"; readonly steps: number | null }
  | {
      readonly cursor: string;
      readonly type: "step";
      /** From 1; `null`: it is not reported, and counted here. */
      readonly step: number | null;
      readonly steps: number | null;
      readonly loss: number | null;
    }
  /** An event that means nothing here, and moves the cursor. */
  | { readonly cursor: string; readonly type: "other" }
  | { readonly cursor: string; readonly type: "ended" }
  | { readonly cursor: string; readonly type: "failed"; readonly reason: string | null };

/** A state of the weights that can be used. */
export interface Checkpoint {
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** The model id for the chain. Never one that moves, such as `:latest`. */
  readonly model: string;
}

/** What a job has left that was started without anyone knowing its id. */
export interface TrainingTraces {
  readonly checkpoints: readonly Checkpoint[];
  /** The checkpoint of the last step is among them, so the job has ended. */
  readonly isComplete: boolean;
}

/** What a training costs. */
export interface TrainingCost {
  /** `null`: not known. */
  readonly cost: Cost | null;
  /** What it is of, with the source of a price and its date; or why it is not known. */
  readonly note: string;
}

/** Options of each request to a trainer. */
export interface TrainerCall {
  readonly abortSignal?: AbortSignal | undefined;
}

/**
 * A vendor that trains models. A request is made once unless its documentation says that it may be repeated. Rejections are `TuningError`:
 * `refused`, `unavailable` or `protocol`.
 */
export interface Trainer {
  /** The id of the provider in the chain that serves its models. */
  readonly id: string;
  /** Models that can be trained. `null`: the vendor has no list. */
  baseModels(call?: TrainerCall): Promise<readonly string[] | null>;
  /** The model that a job will train: the same one if it exists already. A vendor without such a step returns the name. */
  createModel(
    order: Pick<TrainingOrder, "name" | "baseModel">,
    call?: TrainerCall,
  ): Promise<{ readonly modelId: string }>;
  /** Starts a job. Not repeated by anyone: if the reply is lost, the job may be running. */
  startJob(order: TrainingOrder, call?: TrainerCall): Promise<{ readonly jobId: string }>;
  /**
   * The job that an earlier `startJob` with this order has started; `null`: surely none. Absent: the vendor cannot list jobs, and a lost reply
   * needs an operator.
   */
  findJob?(order: TrainingOrder, call?: TrainerCall): Promise<{ readonly jobId: string } | null>;
  /**
   * What an earlier `startJob` with this order has left, of a vendor that cannot list jobs: the checkpoints of a model that no other order trains. Any of
   * them proves that the job was started; none proves nothing.
   */
  findTraces?(order: TrainingOrder, call?: TrainerCall): Promise<TrainingTraces>;
  /** The next events after a cursor, in order; empty: none yet. May be repeated. */
  events(jobId: string, after: string | null, call?: TrainerCall): Promise<readonly TrainerEvent[]>;
  /** The checkpoints of a model, by step. */
  checkpoints(order: TrainingOrder, jobId: string, call?: TrainerCall): Promise<readonly Checkpoint[]>;
  /** What a job has cost. Absent: the vendor does not report it. `jobId` is `null` for a job that was found by its traces. */
  cost?(order: TrainingOrder, jobId: string | null, call?: TrainerCall): Promise<TrainingCost>;
}
