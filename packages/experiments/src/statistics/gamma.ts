const LANCZOS_G = 7;
const LANCZOS: readonly [number, ...number[]] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/**
 * The logarithm of the gamma function for x above 0.
 *
 * ln G(x+1) = ln(2 pi)/2 + (x + 1/2) ln t - t + ln A(x), t = x + g + 1/2. C. Lanczos, "A precision approximation of the gamma function",
 * SIAM J. Numer. Anal. B 1, 1964; g = 7 with 9 terms has an error below 1e-14.
 */
export function lnGamma(x: number): number {
  const z = x - 1;
  const [first, ...rest] = LANCZOS;
  const sum = rest.reduce((total, coefficient, index) => total + coefficient / (z + index + 1), first);
  const t = z + LANCZOS_G + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

const STEPS = 10_000;
const PRECISION = 1e-15;

/**
 * The upper part of the regularized incomplete gamma function, Q(a, x) = G(a, x) / G(a).
 *
 * Below x = a + 1 by the series of P = 1 - Q, above by the continued fraction of Q in Lentz's form: Abramowitz and Stegun, "Handbook of
 * mathematical functions", 1964, 6.5.29 and 6.5.31; W. J. Lentz, Applied Optics 15, 1976.
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - lnGamma(a));
  return x < a + 1 ? 1 - scale * seriesOf(a, x) : scale * fractionOf(a, x);
}

function seriesOf(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let step = 1; step < STEPS && term > sum * PRECISION; step += 1) {
    term *= x / (a + step);
    sum += term;
  }
  return sum;
}

function fractionOf(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let step = 1; step < STEPS; step += 1) {
    const numerator = -step * (step - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b, tiny);
    c = nonZero(b + numerator / c, tiny);
    const change = d * c;
    value *= change;
    if (Math.abs(change - 1) < PRECISION) break;
  }
  return value;
}

const nonZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value);
