import type { ExperimentReport } from "@babylon/experiments/contract";
import type { ArmFigures } from "../contract.ts";

/** The metrics whose means a page shows beside that of the experiment. */
export const FIGURES: readonly string[] = ["costUsd", "latencyMs"];

const UNKNOWN = { mean: null, interval: null } as const;

/** The cost and the latency of the arms of a report that was made with {@link FIGURES}. */
export function armFigures({ arms }: ExperimentReport): readonly ArmFigures[] {
  return arms.map(({ id, figures }) => ({
    arm: id,
    costUsd: figures.costUsd ?? UNKNOWN,
    latencyMs: figures.latencyMs ?? UNKNOWN,
  }));
}
