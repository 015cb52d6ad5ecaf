import type { ExperimentSettings } from "@babylon/llm-core";
import { createSeededRandom } from "@babylon/llm-testing";
import { addUnits } from "../report/arm-totals.ts";
import type { ExperimentReport } from "../report/experiment-report.ts";
import { toReport } from "../report/to-report.ts";
import type { UnitSums } from "../rows/experiment-rows.ts";

/** An experiment of two arms with a metric of yes and no. */
export interface Simulation {
  readonly seed: number;
  /** Units of both arms together. */
  readonly units: number;
  readonly callsPerUnit: number;
  /** Between the values of two calls of one unit. */
  readonly correlation: number;
  /** The true rates of control and arm. */
  readonly rates: readonly [control: number, arm: number];
  /** How often the report is looked at, at equal distances. */
  readonly looks: number;
}

/** Settings of an experiment with two equal arms. */
export const twoArms = (over: Partial<ExperimentSettings> = {}): ExperimentSettings => ({
  state: "running",
  unit: "agent",
  arms: [
    { id: "control", weight: 5_000 },
    { id: "tuned", weight: 5_000, provider: "wandb", model: "acme/tuned" },
  ],
  metric: "accepted",
  direction: "up",
  ...over,
});

/** A unit whose calls have one metric. */
export const unitSums = (arm: string, calls: number, sum: number, over: Partial<UnitSums> = {}): UnitSums => ({
  arm,
  isMixed: false,
  calls,
  servedCalls: calls,
  fallbacks: 0,
  metrics: [{ count: calls, sum, servedCount: calls, servedSum: sum, pending: 0, ofUnit: null }],
  ...over,
});

async function* pageOf(units: readonly UnitSums[]): AsyncGenerator<readonly UnitSums[]> {
  yield units;
}

/** The report of some units. */
export async function reportOf(
  units: readonly UnitSums[],
  settings: ExperimentSettings = twoArms(),
  as: "assigned" | "served" = "assigned",
): Promise<ExperimentReport> {
  const metrics = [settings.metric, ...(settings.guardrails ?? []).map(({ metric }) => metric)];
  return toReport({
    id: "npc-model",
    settings,
    metrics,
    figures: [],
    shadowMetrics: metrics,
    judged: [],
    totals: await addUnits(pageOf(units), metrics.length),
    excluded: {},
    shadows: [],
    lost: 0,
    as,
  });
}

/** Units one after the other, each in an arm by chance. A unit's own rate lies above or below that of its arm, by equal chances. */
export function simulateUnits({ seed, units, callsPerUnit, correlation, rates }: Simulation): readonly UnitSums[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: units }, () => {
    const isControl = random() < 0.5;
    const rate = rates[isControl ? 0 : 1];
    const own = rate + Math.sqrt(correlation * rate * (1 - rate)) * (random() < 0.5 ? -1 : 1);
    let sum = 0;
    for (let call = 0; call < callsPerUnit; call += 1) if (random() < own) sum += 1;
    return unitSums(isControl ? "control" : "tuned", callsPerUnit, sum);
  });
}

/** Looks at an experiment while it runs. Returns the first decision; `null`: it was never decided. */
export async function firstDecision(simulation: Simulation): Promise<"winner" | "harmful" | null> {
  const { units, looks } = simulation;
  const all = simulateUnits(simulation);
  const settings = twoArms({ plannedUnits: units });
  for (let look = 1; look <= looks; look += 1) {
    const { verdict } = await reportOf(all.slice(0, Math.round((units * look) / looks)), settings);
    if (verdict === "winner" || verdict === "harmful") return verdict;
  }
  return null;
}
