import type { UnitSums } from "../rows/experiment-rows.ts";
import { addUnit, createUnitSample, type UnitSample } from "./unit-sample.ts";

/** What the calls of an arm add up to. */
export interface ArmTotals {
  units: number;
  calls: number;
  /** The share of a unit's calls with a fallback. */
  readonly fallback: UnitSample;
  /** In the order of the query. */
  readonly metrics: readonly MetricTotals[];
}

/** One metric of an arm. */
export interface MetricTotals {
  readonly assigned: UnitSample;
  readonly served: UnitSample;
  knownCalls: number;
  pendingCalls: number;
}

/** The totals of all arms with rows, and what is left out. */
export interface ExperimentTotals {
  readonly arms: ReadonlyMap<string, ArmTotals>;
  readonly mixedUnits: number;
}

function createTotals(metricCount: number): ArmTotals {
  const metrics = Array.from({ length: metricCount }, () => ({
    assigned: createUnitSample(),
    served: createUnitSample(),
    knownCalls: 0,
    pendingCalls: 0,
  }));
  return { units: 0, calls: 0, fallback: createUnitSample(), metrics };
}

/** Adds up units, page by page. */
export async function addUnits(
  pages: AsyncIterable<readonly UnitSums[]>,
  metricCount: number,
): Promise<ExperimentTotals> {
  const arms = new Map<string, ArmTotals>();
  let mixedUnits = 0;
  for await (const page of pages) {
    for (const unit of page) {
      if (unit.isMixed) {
        mixedUnits += 1;
        continue;
      }
      let totals = arms.get(unit.arm);
      if (totals === undefined) {
        totals = createTotals(metricCount);
        arms.set(unit.arm, totals);
      }
      add(totals, unit);
    }
  }
  return { arms, mixedUnits };
}

function add(totals: ArmTotals, unit: UnitSums): void {
  totals.units += 1;
  totals.calls += unit.calls;
  addUnit(totals.fallback, unit.calls, unit.fallbacks);
  for (let index = 0; index < unit.metrics.length; index += 1) {
    const [sums, metric] = [unit.metrics[index], totals.metrics[index]];
    if (sums === undefined || metric === undefined) continue;
    if (sums.ofUnit !== null) {
      addUnit(metric.assigned, 1, sums.ofUnit);
      if (unit.servedCalls > 0) addUnit(metric.served, 1, sums.ofUnit);
      metric.knownCalls += unit.calls;
      continue;
    }
    addUnit(metric.assigned, sums.count, sums.sum);
    addUnit(metric.served, sums.servedCount, sums.servedSum);
    metric.knownCalls += sums.count;
    metric.pendingCalls += sums.pending;
  }
}

/** The totals of an arm without rows. */
export const noTotals = (metricCount: number): ArmTotals => createTotals(metricCount);
