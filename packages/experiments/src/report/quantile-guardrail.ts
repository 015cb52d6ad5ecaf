import type { ExperimentGuardrail } from "@babylon/llm-core";
import { isRecordMetric } from "../metrics/metric.ts";
import type { MetricSource, RecordMetric } from "../rows/experiment-rows.ts";

/** A guardrail about a quantile. */
export interface QuantileGuardrail extends ExperimentGuardrail {
  readonly metric: RecordMetric;
  readonly quantile: number;
  readonly times: number;
}

/** Whether a guardrail is about a quantile, of a metric whose single values are stored. */
export const isQuantileGuardrail = (guardrail: ExperimentGuardrail): guardrail is QuantileGuardrail =>
  guardrail.quantile !== undefined && guardrail.times !== undefined && isRecordMetric(guardrail.metric);

/** The names of its two metrics: the share of calls above the control's quantile, and above the limit for the arms. */
export const quantileMetrics = ({
  metric,
  quantile,
  times,
}: QuantileGuardrail): readonly [control: string, arm: string] => [
  `${metric} above p${quantile * 100}`,
  `${metric} above ${times} times p${quantile * 100}`,
];

/**
 * The sources of its two metrics.
 *
 * @param value - the quantile of the control's calls; `null`: it has none, so nothing is above it
 */
export function quantileSources(
  guardrail: QuantileGuardrail,
  value: number | null,
): readonly (readonly [name: string, source: MetricSource])[] {
  const [control, arm] = quantileMetrics(guardrail);
  const { metric, times } = guardrail;
  const above = value ?? Number.MAX_VALUE;
  return [
    [control, { kind: "record", metric, above }],
    [arm, { kind: "record", metric, above: Math.min(Number.MAX_VALUE, above * times) }],
  ];
}
