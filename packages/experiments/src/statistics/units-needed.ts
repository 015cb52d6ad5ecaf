import { normalQuantile } from "./normal.ts";
import { sequentialTest } from "./sequential.ts";

/** What is known before an experiment starts. */
export interface UnitsNeededInput {
  /** The smallest difference that is to be found, in the unit of the metric. */
  readonly difference: number;
  /** The rate of the control, from 0 to 1, for a metric of yes and no; else give `variance`. */
  readonly rate?: number | undefined;
  /** The variance of a single value, for other metrics. */
  readonly variance?: number | undefined;
  /** Calls of one unit. Default 1. */
  readonly callsPerUnit?: number | undefined;
  /** The correlation between the values of two calls of one unit, from 0 to 1. Default 0.1; with one call a unit it has no effect. */
  readonly correlation?: number | undefined;
  /** The share of the control and of the arm among the units of both. Default a half each. */
  readonly share?: number | undefined;
  /** The probability of a false positive. Default 0.05. */
  readonly alpha?: number | undefined;
  /** The probability of finding the difference. Default 0.8. */
  readonly power?: number | undefined;
}

/** How many units an experiment takes. */
export interface UnitsNeeded {
  /** Of both arms together: the `plannedUnits` of an experiment with two arms. */
  readonly units: number;
  readonly control: number;
  readonly arm: number;
  /** Calls of all units. */
  readonly calls: number;
}

const MOST = 1e12;

/**
 * The number of units after which the sequential test of the report finds a difference with the wanted probability, at the last look.
 *
 * The variance of a unit's mean of m calls is v (1/m + (1 - 1/m) c): L. Kish, "Survey sampling", 1965, design effect. The test finds the
 * difference d if d - half width >= z(power) s; the smallest number of units for which this holds is found by bisection.
 */
export function unitsNeeded(input: UnitsNeededInput): UnitsNeeded {
  const { difference, callsPerUnit = 1, correlation = 0.1, share = 0.5, alpha = 0.05, power = 0.8 } = input;
  const ofUnit = varianceOf(input) * (1 / callsPerUnit + (1 - 1 / callsPerUnit) * correlation);
  const z = normalQuantile(power);
  const isEnough = (units: number): boolean => {
    const variance = ofUnit / (units * share) + ofUnit / (units * (1 - share));
    const { interval } = sequentialTest({
      estimate: Math.abs(difference),
      variance,
      units,
      plannedUnits: units,
      alpha,
    });
    return interval[0] >= z * Math.sqrt(variance);
  };
  let [low, high] = [1, 4];
  while (!isEnough(high) && high < MOST) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  const arm = Math.ceil(high * share);
  const control = Math.ceil(high * (1 - share));
  return { units: arm + control, control, arm, calls: (arm + control) * callsPerUnit };
}

/** The larger variance of the two arms, where it is that of a rate. */
function varianceOf({ rate, variance, difference }: UnitsNeededInput): number {
  if (variance !== undefined) return variance;
  if (rate === undefined) throw new TypeError("unitsNeeded: rate or variance is required");
  const other = Math.min(1, Math.max(0, rate + difference));
  return Math.max(rate * (1 - rate), other * (1 - other));
}
