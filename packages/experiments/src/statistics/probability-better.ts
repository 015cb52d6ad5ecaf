import { lnGamma } from "./gamma.ts";
import { normalProbability } from "./normal.ts";

/** Successes and trials of one arm. */
export interface Trials {
  readonly successes: number;
  readonly trials: number;
}

const lnBeta = (a: number, b: number): number => lnGamma(a) + lnGamma(b) - lnGamma(a + b);

/**
 * The probability that the rate of B is above that of A, with independent uniform priors. Exact: the sum over i below alpha_B of
 * B(alpha_A + i, beta_A + beta_B) / ((beta_B + i) B(1 + i, beta_B) B(alpha_A, beta_A)). E. Miller, "Formulas for Bayesian A/B testing",
 * 2014; J. D. Cook, "Exact calculation of beta inequalities", 2005. Takes as many steps as B has successes.
 */
export function probabilityBetterRate(a: Trials, b: Trials): number {
  const [alphaA, betaA] = [a.successes + 1, a.trials - a.successes + 1];
  const [alphaB, betaB] = [b.successes + 1, b.trials - b.successes + 1];
  const ofA = lnBeta(alphaA, betaA);
  let sum = 0;
  for (let index = 0; index < alphaB; index += 1) {
    const ofBoth = lnBeta(alphaA + index, betaA + betaB);
    sum += Math.exp(ofBoth - Math.log(betaB + index) - lnBeta(1 + index, betaB) - ofA);
  }
  return Math.min(1, sum);
}

/**
 * The probability that a true difference is above 0, given its estimate and the variance of that, with a flat prior: Phi(d / s). The
 * normal approximation of the posterior: A. Gelman et al., "Bayesian data analysis", 3rd edition, 2013, section 4.1.
 */
export function probabilityAboveZero(difference: number, variance: number): number {
  if (variance === 0) return difference > 0 ? 1 : difference < 0 ? 0 : 0.5;
  return normalProbability(difference / Math.sqrt(variance));
}
