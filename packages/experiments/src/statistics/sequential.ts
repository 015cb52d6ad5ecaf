/** The result of a test that may be looked at any number of times. */
export interface SequentialResult {
  /** Contains the true value at all looks together with a probability of 1 - alpha. */
  readonly interval: readonly [low: number, high: number];
  /** At most alpha, at any look, with a probability of alpha, if there is no difference. */
  readonly p: number;
}

/** Input of {@link sequentialTest}. */
export interface SequentialInput {
  /** The difference of two means, or a mean. */
  readonly estimate: number;
  /** The variance of the estimate. */
  readonly variance: number;
  /** The number of units that the estimate is from. */
  readonly units: number;
  /** The number of units at which the interval is narrowest. */
  readonly plannedUnits: number;
  /** The probability of a false positive. */
  readonly alpha: number;
}

/**
 * An always-valid interval and p value: the asymptotic confidence sequence with a Gaussian mixture of I. Waudby-Smith, D. Arbour, R. Sinha,
 * E. H. Kennedy and A. Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", arXiv 2103.06476, 2021 (version 7:
 * equation 9 for the interval and 155 for the parameter).
 *
 * r = (-2 ln a + ln(-2 ln a + 1)) / planned units; t = n r + 1; half width = s sqrt(2 t ln(sqrt(t) / a) / (n r)), s^2 the variance of the
 * estimate; p = min(1, sqrt(t) / exp(r d^2 n / (2 s^2 t))).
 */
export function sequentialTest({ estimate, variance, units, plannedUnits, alpha }: SequentialInput): SequentialResult {
  if (units === 0) return { interval: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], p: 1 };
  const twice = -2 * Math.log(alpha);
  const r = (twice + Math.log(twice + 1)) / plannedUnits;
  const t = units * r + 1;
  const half = Math.sqrt((variance * 2 * t * Math.log(Math.sqrt(t) / alpha)) / (units * r));
  const exponent = variance === 0 ? 0 : (r * estimate ** 2 * units) / (2 * variance * t);
  const p = variance === 0 && estimate !== 0 ? 0 : Math.min(1, Math.sqrt(t) / Math.exp(exponent));
  return { interval: [estimate - half, estimate + half], p };
}
