import type { ExperimentArm, ExperimentSettings } from "@babylon/llm-core";
import { type Comparing, compareArms } from "./compare.ts";
import type { GuardrailReport, Interval } from "./experiment-report.ts";
import type { UnitSample } from "./unit-sample.ts";

/** Compares each arm with the control by each guardrail. */
export function guardrailReports(
  { guardrails = [] }: ExperimentSettings,
  metrics: readonly string[],
  [control, ...others]: readonly ExperimentArm[],
  sampleOf: (arm: ExperimentArm, metric: number) => UnitSample,
  comparing: Comparing,
): readonly GuardrailReport[] {
  if (control === undefined) return [];
  return guardrails.flatMap(({ metric, worseBy, direction = "down" }) => {
    const index = metrics.indexOf(metric);
    return others.map((arm): GuardrailReport => {
      const { difference, interval } = compareArms(arm.id, sampleOf(control, index), sampleOf(arm, index), {
        ...comparing,
        direction,
      });
      const worse = difference === null ? null : direction === "down" ? difference : -difference;
      const range: Interval | null =
        interval === null ? null : direction === "down" ? interval : [-interval[1], -interval[0]];
      return { metric, arm: arm.id, worseBy, worse, interval: range, state: stateOf(range, worseBy) };
    });
  });
}

function stateOf(worse: Interval | null, worseBy: number): GuardrailReport["state"] {
  if (worse === null) return "unclear";
  if (worse[0] > worseBy) return "violated";
  return worse[1] <= worseBy ? "kept" : "unclear";
}
