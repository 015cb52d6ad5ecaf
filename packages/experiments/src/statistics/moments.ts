/** Mean and variance of a sample, as sums that are updated with each value. */
export interface Moments {
  /** Number of values. */
  n: number;
  mean: number;
  /** The sum of squared deviations from the mean. */
  squares: number;
}

/** The moments of an empty sample. */
export const createMoments = (): Moments => ({ n: 0, mean: 0, squares: 0 });

/** Adds a value: B. P. Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4, 1962. */
export function addValue(moments: Moments, value: number): void {
  moments.n += 1;
  const delta = value - moments.mean;
  moments.mean += delta / moments.n;
  moments.squares += delta * (value - moments.mean);
}

/** The variance of the sample, with n - 1; 0 below two values. */
export const varianceOf = ({ n, squares }: Moments): number => (n < 2 ? 0 : squares / (n - 1));

/** The variance of the mean. */
export const varianceOfMean = (moments: Moments): number => (moments.n === 0 ? 0 : varianceOf(moments) / moments.n);
