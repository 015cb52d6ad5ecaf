import { addValue, createMoments, type Moments, varianceOfMean } from "../statistics/moments.ts";

/** One value for each unit. The unit is the sample: calls of one unit resemble each other. */
export interface UnitSample {
  readonly moments: Moments;
  /** Every unit had one call, with the value 0 or 1. */
  isBinary: boolean;
}

/** A sample without units. */
export const createUnitSample = (): UnitSample => ({ moments: createMoments(), isBinary: true });

/** Adds the mean of a unit's calls. */
export function addUnit(sample: UnitSample, count: number, sum: number): void {
  if (count === 0) return;
  addValue(sample.moments, sum / count);
  if (count !== 1 || (sum !== 0 && sum !== 1)) sample.isBinary = false;
}

/** The mean; `null`: there are no units. */
export const meanOf = ({ moments }: UnitSample): number | null => (moments.n === 0 ? null : moments.mean);

/** The variance of the mean: of a rate that of a binomial, else that of a sample. */
export function sampleVariance({ moments, isBinary }: UnitSample): number {
  const { n, mean } = moments;
  return isBinary && n > 0 ? (mean * (1 - mean)) / n : varianceOfMean(moments);
}
