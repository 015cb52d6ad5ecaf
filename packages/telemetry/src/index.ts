export { createMetrics } from "./metrics/create-metrics.ts";
export type {
  AttemptCount,
  AttemptSeries,
  CallSeries,
  CostSums,
  Durations,
  Metrics,
  MetricsOptions,
  MetricsSnapshot,
  TokenSums,
} from "./metrics/metrics.ts";
