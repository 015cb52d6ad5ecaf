import type { ChangeOptions, Experiments } from "@babylon/experiments";
import type { Clock } from "@babylon/llm-core";
import type { ArtifactStore } from "./contract/artifact-store.ts";
import type { JournalJob, TuningJournal } from "./contract/journal.ts";
import type { Trainer, TrainingConfig } from "./contract/trainer.ts";
import type { TuningError } from "./contract/tuning-error.ts";
import type { Dataset } from "./dataset/dataset.ts";
import type { EvaluateRequest } from "./evaluate/evaluate.ts";
import type { EvaluationReport } from "./evaluate/evaluation-report.ts";
import type { TuningEvent } from "./job/tuning-event.ts";
import type { TuningJob } from "./job/tuning-job.ts";
import type { CanaryOptions } from "./rollout/canary.ts";
import type { CandidateModel, PromoteOptions, Rollout } from "./rollout/create-rollouts.ts";
import type { TuningSettings } from "./rollout/tuning-settings.ts";
import type { ModelLink, TuningClient, WarmUpOptions } from "./rollout/warm-up.ts";
import type { Canary, CanaryWatching } from "./rollout/watch-canary.ts";

/** Options of `createTuning`. */
export interface TuningOptions {
  readonly trainer: Trainer;
  readonly artifacts: ArtifactStore;
  /** `openTuningJournal({ url })`. Not closed with the tuning. */
  readonly journal: TuningJournal;
  /** A settings store, for `canary`, `promote` and `rollBack`. */
  readonly settings?: TuningSettings | undefined;
  /** A client with the chain, for `warmUp`, `evaluate`, `canary` and `promote`. */
  readonly llm?: TuningClient | undefined;
  /** For `canary`. */
  readonly experiments?: Pick<Experiments, "report" | "stop"> | null | undefined;
  /** Where datasets are kept that were not written before. Default `data/tuning`, below the working directory. */
  readonly dataFolder?: string | undefined;
  /** The pause between two questions for events, milliseconds. Default 5 s. */
  readonly pollMs?: number | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  /** The id of a new job: 1 to 32 letters and digits that no other job has. Default: random. */
  readonly newId?: (() => string) | undefined;
}

/** Input of `start`. */
export interface StartRequest {
  /** The name of the model in the settings. */
  readonly name: string;
  readonly baseModel: string;
  /** A dataset, or the folder of one that was written. */
  readonly dataset: Dataset | string;
  readonly config?: TrainingConfig | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** A job that `resume()` has looked at. */
export interface ResumedJob {
  readonly job: TuningJob;
  /** Why it could not go on, such as `start_unknown`; `null`: it runs. */
  readonly error: TuningError | null;
}

interface Abortable {
  readonly abortSignal?: AbortSignal | undefined;
}

/** From a dataset to a model in the chain. What needs a part that `createTuning` did not get rejects with `invalid_input` that names it. */
export interface Tuning {
  /**
   * Uploads the examples and starts a job. Rejects with `invalid_input`, and with `TuningError`; after `start_unknown` the job may be running, and
   * `resolveStart` goes on.
   */
  start(request: StartRequest): Promise<TuningJob>;
  /** Takes on all unfinished jobs of the journal, the oldest first, after a crash or in another process. Starts nothing twice. */
  resume(options?: Abortable): Promise<readonly ResumedJob[]>;
  /** Says what came of a lost start: the id of the job at the vendor, or that there is none, so that it is started. */
  resolveStart(
    id: string,
    outcome: { readonly jobId: string } | "not-started",
    options?: Abortable,
  ): Promise<TuningJob>;
  /** A job of the journal. Rejects with `unknown_job`. */
  job(id: string): Promise<TuningJob>;
  /** The events of a job: see `TuningJob.events`. */
  watch(id: string, options?: Abortable): AsyncIterable<TuningEvent>;
  /** All jobs of the journal, newest first. */
  jobs(): Promise<readonly JournalJob[]>;
  /** Makes one short call, which loads the model. Rejects with `not_servable`. */
  warmUp(link: ModelLink, options?: WarmUpOptions): Promise<void>;
  /** Asks the candidate and the baseline the held-out examples, and scores both. Rejects with `invalid_input` and `not_servable`. */
  evaluate(request: EvaluateRequest): Promise<EvaluationReport>;
  /**
   * Gives the model a small share of the calls: an experiment with guardrails that ends itself. Warms it up before. Rejects with `not_better` without
   * an evaluation or `force`, `not_servable`, `conflict` if the canary is running, and as the settings' `update`.
   */
  canary(candidate: CandidateModel, options: CanaryOptions): Promise<Canary>;
  /** The canary of this model that runs, which another process may have started; `null`: it does not run. */
  findCanary(candidate: Pick<CandidateModel, "name" | "model">, watching?: CanaryWatching): Promise<Canary | null>;
  /**
   * Makes the model the rule, by one change of the settings with compare-and-set. Warms it up before. Rejects with `not_better` unless its evaluation says
   * `better` or `force` is set, `not_servable`, and as the settings' `update`.
   */
  promote(candidate: CandidateModel, options: PromoteOptions): Promise<Rollout>;
  /** Restores what the last promotion of this name has replaced, and keeps what others have changed since. Rejects with `conflict`. */
  rollBack(name: string, options?: ChangeOptions): Promise<Rollout>;
}
