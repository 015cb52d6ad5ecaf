import type { ExperimentReport } from "@babylon/experiments/contract";
import type { SystemSettings } from "@babylon/llm-core";
import type { AdminExperiments } from "../admin-shapes.ts";
import type { ArmFigure, ArmFigures } from "../contract.ts";

const UNKNOWN: ArmFigure = { mean: null, interval: null };

/** The settings with another metric of an experiment, and without its guardrails. */
function withMetric(settings: SystemSettings, id: string, metric: string): SystemSettings {
  const experiment = settings.experiments?.[id];
  if (experiment === undefined) return settings;
  const changed = { ...experiment, metric, direction: "down", guardrails: [] } as const;
  return { ...settings, experiments: { ...settings.experiments, [id]: changed } };
}

function figureOf({ arms }: ExperimentReport, arm: string): ArmFigure {
  const found = arms.find(({ id }) => id === arm);
  return found === undefined ? UNKNOWN : { mean: found.mean, interval: found.interval };
}

/** Reads the cost and the latency of the arms: as reports whose metric they are. */
export async function readFigures(
  experiments: AdminExperiments,
  settings: SystemSettings,
  id: string,
): Promise<readonly ArmFigures[]> {
  const of = (metric: string) => experiments.report(id, { settings: withMetric(settings, id, metric) });
  const cost = await of("costUsd");
  const latency = await of("latencyMs");
  return cost.arms.map(({ id: arm }) => ({ arm, costUsd: figureOf(cost, arm), latencyMs: figureOf(latency, arm) }));
}
