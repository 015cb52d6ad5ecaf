import type { Cost, ExperimentSettings } from "@babylon/llm-core";
import type { SettingsPatch } from "@babylon/settings-store/patch";
import type {
  Checkpoint,
  DatasetReport,
  EvaluatedExample,
  EvaluationReport,
  JobState,
  JournalEvent,
  TrainingConfig,
} from "@babylon/tuning/contract";

/** A dataset in a list. */
export interface DatasetSummary {
  /** SHA-256 of the training data, hexadecimal. */
  readonly id: string;
  /** The folder that it was written to. */
  readonly folder: string;
  /** When it became known, epoch milliseconds. */
  readonly at: number;
  /** Calls that were read, and those that became examples. */
  readonly seen: number;
  readonly kept: number;
  /** Examples for training, and examples that are held out. */
  readonly train: number;
  readonly test: number;
  /** `null`: of some examples the number is not known. */
  readonly tokens: number | null;
  /** Examples by the provider that answered. */
  readonly sources: Readonly<Record<string, number>>;
}

/** A job in a list. */
export interface JobSummary {
  readonly id: string;
  /** The name that the model has in the settings. */
  readonly name: string;
  readonly state: JobState;
  /** The trainer, which is also the provider that serves the model. */
  readonly trainer: string;
  readonly baseModel: string;
  /** The id of its dataset. */
  readonly dataset: string;
  readonly examples: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The id at the vendor; `null`, here and below: not known yet. */
  readonly jobId: string | null;
  readonly step: number;
  readonly steps: number | null;
  /** Why it failed. */
  readonly reason: string | null;
  /** The models that came of it, by step. */
  readonly checkpoints: readonly Checkpoint[];
  /** The last event that a process has read from the vendor. */
  readonly latest: JournalEvent | null;
}

/** An evaluation without its examples. */
export interface EvaluationSummary {
  readonly id: string;
  readonly report: EvaluationReport;
  /** The job that the candidate came of; `null`: none that the journal has. */
  readonly job: string | null;
  /** Examples that are stored with both answers. */
  readonly examples: number;
}

/** A tuned model of the settings. */
export interface TunedState {
  readonly name: string;
  readonly provider: string;
  readonly baseModel: string;
  readonly model: string;
  /** `null`: all calls that the provider serves. */
  readonly agents: readonly string[] | null;
  /** When it was promoted, epoch milliseconds; `null`: the journal does not have its promotion. */
  readonly promotedAt: number | null;
  /** ISO 8601; `null`: it was promoted without an evaluation. */
  readonly evaluatedAt: string | null;
  /** The change that a rollback would make; `null`: it cannot be rolled back. */
  readonly rollBack: SettingsPatch | null;
  /** Why it cannot be rolled back; `null`: it can. */
  readonly blocked: string | null;
}

/** A canary: an experiment with a tuned model. */
export interface CanaryState {
  /** The name of the model. */
  readonly name: string;
  /** The id of the experiment. */
  readonly experiment: string;
  readonly state: ExperimentSettings["state"];
  readonly winner: string | null;
  readonly model: string | null;
  /** The share of units that get the model, from 0 to 1. */
  readonly share: number | null;
}

/** The reply of `GET …/tuning`. Lists have at most 100 entries, the newest first. */
export interface TuningData {
  readonly datasets: readonly DatasetSummary[];
  readonly jobs: readonly JobSummary[];
  readonly evaluations: readonly EvaluationSummary[];
  /** The tuned models of the settings. */
  readonly models: readonly TunedState[];
  readonly canaries: readonly CanaryState[];
  /** Of the settings. */
  readonly version: number | null;
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** The reply of `GET …/tuning/datasets/:id`. */
export interface DatasetData {
  readonly dataset: DatasetSummary;
  /** What is in it and why other calls are not. Has no content. */
  readonly report: DatasetReport;
  /** The jobs that were started with it. */
  readonly jobs: readonly JobSummary[];
}

/** The reply of `GET …/tuning/jobs/:id`. */
export interface JobData {
  readonly job: JobSummary;
  readonly config: TrainingConfig;
  /** Of a training that has ended; `null`: not known. */
  readonly cost: Cost | null;
  /** What the cost is of, or why it is not known; `null`: nothing is known about it. */
  readonly costNote: string | null;
  /** Events after the cursor, in order. */
  readonly events: readonly JournalEvent[];
  /** The cursor for the next read: `?after=`. */
  readonly next: number;
  /** Whether there are events after these already. */
  readonly more: boolean;
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** The reply of `GET …/tuning/evaluations/:id`. */
export interface EvaluationData {
  readonly evaluation: EvaluationSummary;
  /** Whether the visitor has the permission `content`. */
  readonly mayReadContent: boolean;
  /** Prompts with both answers, only with `?content=true`. */
  readonly examples: readonly EvaluatedExample[] | null;
}

/** The body of `POST …/tuning/promote`. The reply is that of `PUT`. */
export interface PromoteBody {
  /** The id of a job. */
  readonly job: string;
  /** One of its models. Default: that of the last step. */
  readonly model?: string | undefined;
  /** The id of an evaluation of this model with the verdict `better`. Without one, `force` is needed. */
  readonly evaluation?: string | undefined;
  /** The reason to promote without such an evaluation, for the history. */
  readonly force?: string | undefined;
  /** Only for these agents. Default: all calls that the provider serves. */
  readonly agents?: readonly string[] | undefined;
  /** Refuse with 409 when the settings have another version. Default: no check. */
  readonly expectedVersion?: number | undefined;
}

/** The body of `POST …/tuning/roll-back`. The reply is that of `PUT`. */
export interface RollBackBody {
  /** The name of a tuned model. */
  readonly name: string;
  /** Refuse with 409 when the settings have another version. Default: no check. */
  readonly expectedVersion?: number | undefined;
  /** The reason, for the history; up to 200 characters. */
  readonly reason?: string | undefined;
}

/** The body of `POST …/tuning/jobs/:id`: what came of a start whose reply was lost. The reply is that of `GET`, without events. */
export type JobAction =
  /** The vendor has the job, under this id. */
  | { readonly action: "started"; readonly jobId: string }
  /** The vendor has no such job: it is started now. */
  | { readonly action: "not-started" };
