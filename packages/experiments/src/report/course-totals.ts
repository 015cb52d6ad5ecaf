import type { UnitCall } from "../rows/experiment-rows.ts";
import { addUnit, createUnitSample, type UnitSample } from "./unit-sample.ts";

/** What was known at one look. */
export interface LookTotals {
  /** Units with calls, without those in several arms. */
  units: number;
  /** The metric, by arm. */
  readonly samples: Map<string, UnitSample>;
}

/** The calls of the unit that is being read. One object for all units, because there may be a million of them. */
interface UnitLooks {
  /** The first look that sees a call, by arm. */
  readonly arms: Map<string, number>;
  /** The values that become known at each look. */
  readonly counts: number[];
  readonly sums: number[];
  /** The first look that sees the value of the unit itself. */
  ofUnitFrom: number;
  ofUnit: number;
  /** The first look that sees a call which the intended link served. */
  servedFrom: number;
}

/** Later than the last look. */
const NEVER = Number.POSITIVE_INFINITY;

/**
 * The units at several looks, from one pass over their calls. A look sees the calls that started before it, with the values that were known
 * before it.
 *
 * @param at - the looks, epoch milliseconds, ascending
 * @param as - which calls count
 */
export async function addCourse(
  pages: AsyncIterable<readonly UnitCall[]>,
  at: readonly number[],
  as: "assigned" | "served",
): Promise<readonly LookTotals[]> {
  const looks = at.map((): LookTotals => ({ units: 0, samples: new Map() }));
  const zeros = (): number[] => at.map(() => 0);
  const unit: UnitLooks = {
    arms: new Map(),
    counts: zeros(),
    sums: zeros(),
    ofUnitFrom: NEVER,
    ofUnit: 0,
    servedFrom: NEVER,
  };
  let id: string | null = null;
  for await (const page of pages) {
    for (const call of page) {
      if (call.unit !== id) {
        closeUnit(unit, looks, as);
        id = call.unit;
      }
      addCall(unit, call, at, as);
    }
  }
  closeUnit(unit, looks, as);
  return looks;
}

/** The first look after a moment. */
function lookAfter(moment: number, at: readonly number[]): number {
  const found = at.findIndex((look) => moment < look);
  return found === -1 ? NEVER : found;
}

function addCall(unit: UnitLooks, call: UnitCall, at: readonly number[], as: "assigned" | "served"): void {
  const seen = lookAfter(call.at, at);
  if (seen === NEVER) return;
  unit.arms.set(call.arm, Math.min(unit.arms.get(call.arm) ?? NEVER, seen));
  if (call.isIntended) unit.servedFrom = Math.min(unit.servedFrom, seen);
  if (call.ofUnit !== null) {
    unit.ofUnitFrom = Math.min(unit.ofUnitFrom, Math.max(seen, lookAfter(call.ofUnit.at, at)));
    unit.ofUnit = call.ofUnit.value;
  }
  if (call.value === null || (as === "served" && !call.isIntended)) return;
  const known = Math.max(seen, lookAfter(call.valueAt, at));
  if (known === NEVER) return;
  unit.counts[known] = (unit.counts[known] ?? 0) + 1;
  unit.sums[known] = (unit.sums[known] ?? 0) + call.value;
}

/** Adds the unit to all looks that see it, from its first call until it has calls in a second arm. */
function closeUnit(unit: UnitLooks, looks: readonly LookTotals[], as: "assigned" | "served"): void {
  const { arms, counts, sums } = unit;
  const [[arm, first] = ["", NEVER], [, mixed] = ["", NEVER]] = [...arms].toSorted(([, a], [, b]) => a - b);
  let [count, sum] = [0, 0];
  for (const [look, totals] of looks.entries()) {
    if (look < first || look >= mixed) continue;
    count += counts[look] ?? 0;
    sum += sums[look] ?? 0;
    totals.units += 1;
    const sample = sampleOf(totals, arm);
    if (look < unit.ofUnitFrom) addUnit(sample, count, sum);
    else if (as === "assigned" || look >= unit.servedFrom) addUnit(sample, 1, unit.ofUnit);
  }
  arms.clear();
  counts.fill(0);
  sums.fill(0);
  [unit.ofUnitFrom, unit.servedFrom] = [NEVER, NEVER];
}

function sampleOf({ samples }: LookTotals, arm: string): UnitSample {
  const known = samples.get(arm);
  if (known !== undefined) return known;
  const sample = createUnitSample();
  samples.set(arm, sample);
  return sample;
}
