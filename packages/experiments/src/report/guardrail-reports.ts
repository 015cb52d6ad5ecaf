import type { ExperimentArm, ExperimentSettings } from "@babylon/llm-core";
import { type Comparing, compareArms } from "./compare.ts";
import type { GuardrailReport, Interval } from "./experiment-report.ts";
import { isQuantileGuardrail, quantileMetrics } from "./quantile-guardrail.ts";
import type { UnitSample } from "./unit-sample.ts";

/** What the guardrails are computed from. */
export interface GuardrailFigures {
  readonly metrics: readonly string[];
  /** The control's quantiles, by the name of their metric. */
  readonly quantiles: ReadonlyMap<string, number | null>;
}

/**
 * Compares each arm with the control by each guardrail. With a quantile: the share of the arm's calls above `times` the control's quantile minus
 * the share of the control's calls above that quantile, which is about 1 - quantile. It is above 0 if, and only if, the quantile of the arm is more
 * than `times` that of the control. The quantile is an estimate as well: where the arm is just at its limit, its values are `times` those of the
 * control, so that an error of the estimate moves both shares alike, and the variance of the difference is the sum of theirs.
 */
export function guardrailReports(
  { guardrails = [] }: ExperimentSettings,
  { metrics, quantiles }: GuardrailFigures,
  [control, ...others]: readonly ExperimentArm[],
  sampleOf: (arm: ExperimentArm, metric: number) => UnitSample,
  comparing: Comparing,
): readonly GuardrailReport[] {
  if (control === undefined) return [];
  return guardrails.flatMap((guardrail) => {
    const { metric, worseBy, direction = "down" } = guardrail;
    const [base, other] = isQuantileGuardrail(guardrail) ? quantileMetrics(guardrail) : [metric, metric];
    const value = quantiles.get(base) ?? null;
    const quantile = isQuantileGuardrail(guardrail)
      ? { of: guardrail.quantile, times: guardrail.times, control: value }
      : null;
    return others.map((arm): GuardrailReport => {
      const samples = [sampleOf(control, metrics.indexOf(base)), sampleOf(arm, metrics.indexOf(other))] as const;
      const { difference, interval } = compareArms(arm.id, ...samples, { ...comparing, direction });
      const worse = difference === null ? null : direction === "down" ? difference : -difference;
      const range: Interval | null =
        interval === null ? null : direction === "down" ? interval : [-interval[1], -interval[0]];
      return { metric, quantile, arm: arm.id, worseBy, worse, interval: range, state: stateOf(range, worseBy) };
    });
  });
}

function stateOf(worse: Interval | null, worseBy: number): GuardrailReport["state"] {
  if (worse === null) return "unclear";
  if (worse[0] > worseBy) return "violated";
  return worse[1] <= worseBy ? "kept" : "unclear";
}
