export { type DirectoryOptions, directory } from "./artifacts/directory.ts";
export { existing } from "./artifacts/existing.ts";
export { type ManifestEntry, manifestDigest } from "./artifacts/manifest-digest.ts";
export { type WandbArtifactsOptions, wandbArtifacts } from "./artifacts/wandb-artifacts.ts";
export type { ArtifactStore, UploadOrder } from "./contract/artifact-store.ts";
export type { CallSource, RecordReader } from "./contract/call-source.ts";
export type { JobState, JournalJob, JournalPromotion, TuningJournal } from "./contract/journal.ts";
export type {
  Checkpoint,
  Trainer,
  TrainerCall,
  TrainerEvent,
  TrainingConfig,
  TrainingCost,
  TrainingOrder,
  TrainingTraces,
} from "./contract/trainer.ts";
export { isTuningError, TuningError, type TuningErrorCode } from "./contract/tuning-error.ts";
export { createTuning } from "./create-tuning.ts";
export { buildDataset } from "./dataset/build-dataset.ts";
export type { ChatExample, ChatMessage, ChatTool, ChatToolCall } from "./dataset/chat-example.ts";
export type { Dataset, DatasetPart, DatasetReport } from "./dataset/dataset.ts";
export type { DatasetLimits, DatasetOptions } from "./dataset/dataset-options.ts";
export type { DropReason } from "./dataset/drop-reason.ts";
export type { FileFacts } from "./dataset/line-file.ts";
export { readDataset } from "./dataset/open-dataset.ts";
export type { EvaluateRequest } from "./evaluate/evaluate.ts";
export type { EvaluationInterval, EvaluationReport, PairedFigure } from "./evaluate/evaluation-report.ts";
export { exact } from "./evaluate/exact.ts";
export { jsonShape, type ShapeSchema, type ShapeValidator } from "./evaluate/json-shape.ts";
export { type PreferredOptions, preferred } from "./evaluate/preferred.ts";
export type { ScoredAnswer, Scorer, ScorerInput } from "./evaluate/scorer.ts";
export type { TuningEvent } from "./job/tuning-event.ts";
export type { TunedModel, TuningJob } from "./job/tuning-job.ts";
export { openTuningJournal, type TuningJournalOptions } from "./journal/open-tuning-journal.ts";
export type { CanaryOptions } from "./rollout/canary.ts";
export {
  type CandidateModel,
  createRollouts,
  type PromoteOptions,
  type Rollout,
  type RolloutParts,
  type Rollouts,
} from "./rollout/create-rollouts.ts";
export { failureRate, fallbackRate, type LatencyLimit, p95LatencyMs, type ShareLimit } from "./rollout/guardrails.ts";
export type { AgentChange, TuningChange, TuningSettings } from "./rollout/tuning-settings.ts";
export type { ModelLink, TuningClient, WarmUpOptions } from "./rollout/warm-up.ts";
export type { Canary, CanaryOutcome, CanaryWatching } from "./rollout/watch-canary.ts";
export { type PiiKind, type PiiOptions, pii } from "./scrub/pii.ts";
export type { Scrubbed, Scrubber } from "./scrub/scrubber.ts";
export { type SecretsOptions, secrets } from "./scrub/secrets.ts";
export { type WandbTrainerOptions, wandbTrainer } from "./trainer/wandb-trainer.ts";
export type { ResumedJob, StartRequest, Tuning, TuningOptions } from "./tuning.ts";
