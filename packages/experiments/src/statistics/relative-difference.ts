/** A mean with the variance of that mean. */
export interface EstimatedMean {
  readonly mean: number;
  readonly variance: number;
}

/**
 * The difference of two independent means as a share of the control's, with its variance by the delta method: for the quotient q = b / a,
 * var(q) = var(b) / a^2 + var(a) b^2 / a^4 (G. Casella, R. L. Berger, "Statistical inference", 2nd edition, 2002, example 5.5.27). There is no
 * covariance: a unit is in one arm. `null`: the control's mean is 0.
 */
export function relativeDifference(
  control: EstimatedMean,
  arm: EstimatedMean,
): { readonly estimate: number; readonly variance: number } | null {
  if (control.mean === 0) return null;
  const square = control.mean ** 2;
  return {
    estimate: arm.mean / control.mean - 1,
    variance: arm.variance / square + (control.variance * arm.mean ** 2) / square ** 2,
  };
}
