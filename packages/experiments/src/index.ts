export { type BucketRange, bucketRanges, chooseRange } from "./assign/bucket-ranges.ts";
export { hashUnit } from "./assign/hash-unit.ts";
export { isOwnCall, JUDGE_PURPOSE, SHADOW_PURPOSE } from "./assign/own-calls.ts";
// The reports, and what else needs neither a database nor Node.
export * from "./contract.ts";
export { createExperiments } from "./create-experiments.ts";
export type {
  CourseOptions,
  Experiments,
  ExperimentsOptions,
  Observation,
  PeekUnit,
  ReportOptions,
} from "./experiments.ts";
export { type JudgeClient, type JudgeOptions, judge } from "./judge/judge.ts";
export type { Judge, JudgedAnswer, JudgedPair } from "./judge/judge-contract.ts";
export { type MetricDefinition, type MetricOptions, mean, ratio } from "./metrics/metric.ts";
export type { EraseExperimentRows } from "./retention/erase-request.ts";
export type {
  EraseTarget,
  ExperimentRows,
  ExperimentVersion,
  ExposureRow,
  MetricSource,
  MetricSums,
  ObservationRow,
  PeriodicWork,
  PruneQuery,
  QuantileQuery,
  RecordMetric,
  RowBatch,
  RowsQuery,
  ShadowSums,
  UnitCall,
  UnitSums,
} from "./rows/experiment-rows.ts";
export { type ExperimentRowsOptions, openExperimentRows } from "./rows/open-experiment-rows.ts";
export type { ChangeOptions, ExperimentsSettings } from "./settings/experiments-settings.ts";
export type { JudgingLedger, JudgingLimits } from "./shadow/judging-limits.ts";
