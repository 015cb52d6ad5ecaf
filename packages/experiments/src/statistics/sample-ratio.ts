import { upperGamma } from "./gamma.ts";

/**
 * The p value of the hypothesis that counts have these shares: Pearson's chi-squared test, K. Pearson, Philosophical Magazine 50, 1900, as
 * a check of the sample ratio (A. Fabijan et al., "Diagnosing sample ratio mismatch in online controlled experiments", KDD 2019).
 *
 * p = Q((k - 1) / 2, X / 2), X = sum of (observed - expected)^2 / expected. 1 with fewer than two arms, or without units.
 *
 * @param weights - positive, in any unit
 */
export function sampleRatio(counts: readonly number[], weights: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0 || counts.length < 2) return 1;
  const statistic = counts.reduce((sum, count, index) => {
    const expected = (total * (weights[index] ?? 0)) / whole;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  return upperGamma((counts.length - 1) / 2, statistic / 2);
}
