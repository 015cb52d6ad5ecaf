/** Entry `@babylon/tuning/contract`: what operators look at, and what a rollback changes. Portable. */
export type { JobState, JournalJob } from "./contract/journal.ts";
export type { JournalPromotion } from "./contract/journal-promotion.ts";
export type { Checkpoint, TrainingConfig } from "./contract/trainer.ts";
export type {
  EvaluatedExample,
  ExampleMessage,
  JournalDataset,
  JournalEvaluation,
  JournalEvaluationSummary,
  JournalEvent,
  TuningHistory,
} from "./contract/tuning-history.ts";
export type { DatasetReport } from "./dataset/dataset.ts";
export type { DropReason } from "./dataset/drop-reason.ts";
export type { FileFacts } from "./dataset/file-facts.ts";
export type { EvaluationInterval, EvaluationReport, PairedFigure } from "./evaluate/evaluation-report.ts";
export type { TuningEvent } from "./job/tuning-event.ts";
export { rollbackChange } from "./rollout/promotion-change.ts";
export type { AgentChange, TuningChange } from "./rollout/tuning-change.ts";
export type { ModelLink } from "./rollout/warm-up.ts";
