import { probabilityAboveZero, probabilityBetterRate } from "../statistics/probability-better.ts";
import { relativeDifference } from "../statistics/relative-difference.ts";
import { sequentialTest } from "../statistics/sequential.ts";
import type { ArmComparison, Interval } from "./experiment-report.ts";
import { meanOf, sampleVariance, type UnitSample } from "./unit-sample.ts";

/** How means are compared. */
export interface Comparing {
  readonly plannedUnits: number;
  readonly alpha: number;
}

/** Above this the exact sum takes longer than the normal approximation is wrong. */
const MOST_EXACT = 20_000;

/** The interval of a mean; `null`: there are fewer than two units. */
export function meanInterval(sample: UnitSample, { plannedUnits, alpha }: Comparing): Interval | null {
  const { n, mean } = sample.moments;
  if (n < 2) return null;
  return sequentialTest({ estimate: mean, variance: sampleVariance(sample), units: n, plannedUnits, alpha }).interval;
}

const UNKNOWN = {
  difference: null,
  interval: null,
  relative: null,
  relativeInterval: null,
  p: null,
  probabilityBetter: null,
} as const;

/** Compares an arm with the control. @param direction - whether more is better */
export function compareArms(
  arm: string,
  control: UnitSample,
  treatment: UnitSample,
  { plannedUnits, alpha, direction }: Comparing & { readonly direction: "up" | "down" },
): ArmComparison {
  const units = control.moments.n + treatment.moments.n;
  const [base, other] = [meanOf(control), meanOf(treatment)];
  const isKnown = base !== null && other !== null && control.moments.n > 1 && treatment.moments.n > 1;
  if (!isKnown) {
    return { arm, units, ...UNKNOWN };
  }
  const difference = other - base;
  const [ofControl, ofArm] = [sampleVariance(control), sampleVariance(treatment)];
  const variance = ofControl + ofArm;
  const { interval, p } = sequentialTest({ estimate: difference, variance, units, plannedUnits, alpha });
  const relative = relativeDifference({ mean: base, variance: ofControl }, { mean: other, variance: ofArm });
  const above = probabilityAbove(control, treatment, difference, variance);
  return {
    arm,
    units,
    difference,
    interval,
    relative: relative?.estimate ?? null,
    relativeInterval: relative === null ? null : sequentialTest({ ...relative, units, plannedUnits, alpha }).interval,
    p,
    probabilityBetter: direction === "up" ? above : 1 - above,
  };
}

function probabilityAbove(control: UnitSample, treatment: UnitSample, difference: number, variance: number): number {
  const trials = ({ moments: { n, mean } }: UnitSample) => ({ trials: n, successes: Math.round(n * mean) });
  const isExact = control.isBinary && treatment.isBinary && trials(treatment).successes <= MOST_EXACT;
  if (isExact) return probabilityBetterRate(trials(control), trials(treatment));
  return probabilityAboveZero(difference, variance);
}
