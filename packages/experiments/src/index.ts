export { type BucketRange, bucketRanges, chooseRange } from "./assign/bucket-ranges.ts";
export { hashUnit } from "./assign/hash-unit.ts";
export { JUDGE_PURPOSE, SHADOW_PURPOSE } from "./assign/own-calls.ts";
export { createExperiments } from "./create-experiments.ts";
export type { Experiments, ExperimentsOptions, Observation, PeekUnit, ReportOptions } from "./experiments.ts";
export { type JudgeClient, type JudgeOptions, judge } from "./judge/judge.ts";
export type { Judge, JudgedAnswer, JudgedPair } from "./judge/judge-contract.ts";
export { type MetricDefinition, type MetricOptions, mean, ratio } from "./metrics/metric.ts";
export type {
  ArmComparison,
  ArmReport,
  ExperimentReport,
  GuardrailQuantile,
  GuardrailReport,
  Interval,
  ServedReport,
  ShadowReport,
  Verdict,
} from "./report/experiment-report.ts";
export type {
  ExperimentRows,
  ExposureRow,
  MetricSource,
  MetricSums,
  ObservationRow,
  QuantileQuery,
  RecordMetric,
  RowBatch,
  RowsQuery,
  ShadowSums,
  UnitSums,
} from "./rows/experiment-rows.ts";
export { type ExperimentRowsOptions, openExperimentRows } from "./rows/open-experiment-rows.ts";
export type { ChangeOptions, ExperimentsChange, ExperimentsSettings } from "./settings/experiments-settings.ts";
export { promotion } from "./settings/promotion.ts";
export type { JudgingLimits } from "./shadow/judging-limits.ts";
export { type UnitsNeeded, type UnitsNeededInput, unitsNeeded } from "./statistics/units-needed.ts";
