import { upperGamma } from "./gamma.ts";

/**
 * The probability that a standard normal variable is at most z: Phi(z) = erfc(-z / sqrt 2) / 2, and erfc(y) = Q(1/2, y^2) for y of 0 or
 * more (Abramowitz and Stegun, 1964, 6.5.16).
 */
export function normalProbability(z: number): number {
  const tail = upperGamma(0.5, (z * z) / 2) / 2;
  return z < 0 ? tail : 1 - tail;
}

/**
 * The z of which a standard normal variable is at most with a probability, from 0 to 1 exclusive: Newton's method on
 * {@link normalProbability}, from the start of Abramowitz and Stegun, 1964, 26.2.23.
 */
export function normalQuantile(probability: number): number {
  const tail = Math.min(probability, 1 - probability);
  const t = Math.sqrt(-2 * Math.log(tail));
  const start =
    t - (2.515517 + 0.802853 * t + 0.010328 * t ** 2) / (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3);
  let z = probability < 0.5 ? -start : start;
  for (let step = 0; step < 4; step += 1) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    z -= (normalProbability(z) - probability) / density;
  }
  return z;
}
