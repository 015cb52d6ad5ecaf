import { describe, expect, test } from "vitest";
import { lnGamma, upperGamma } from "./gamma.ts";
import { normalProbability, normalQuantile } from "./normal.ts";
import { probabilityAboveZero, probabilityBetterRate } from "./probability-better.ts";
import { relativeDifference } from "./relative-difference.ts";
import { sampleRatio } from "./sample-ratio.ts";
import { sequentialTest } from "./sequential.ts";
import { unitsNeeded } from "./units-needed.ts";

/** Six digits after the point, or of the value if it is small. */
const expectClose = (actual: number, expected: number): void =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-6 * Math.min(1, Math.max(Math.abs(expected), 1e-3)));

const rateOf = (successes: number, trials: number) => {
  const mean = successes / trials;
  return { mean, variance: (mean * (1 - mean)) / trials };
};

const meanOf = (sum: number, squares: number, count: number) => ({
  mean: sum / count,
  variance: (squares - sum ** 2 / count) / (count - 1) / count,
});

/** Numbers with 40 digits after the point, as whole numbers: nothing of the code above is used to check it. */
const ONE = 10n ** 40n;
const fixed = (whole: number): bigint => BigInt(whole) * ONE;
const multiply = (a: bigint, b: bigint): bigint => (a * b) / ONE;
const divide = (a: bigint, b: bigint): bigint => (a * ONE) / b;

/** Newton's method, from above. */
function root(value: bigint): bigint {
  const square = value * ONE;
  let found = value > ONE ? value : ONE;
  for (let next = (found + square / found) / 2n; next < found; next = (found + square / found) / 2n) found = next;
  return found;
}

/** ln x = 2 (z + z^3 / 3 + z^5 / 5 + ...), z = (x - 1) / (x + 1); of 1 / x where that converges faster. */
function logarithm(value: bigint): bigint {
  if (value > 2n * ONE) return 2n * logarithm(root(value));
  if (value < ONE / 2n) return -logarithm(divide(ONE, value));
  const z = divide(value - ONE, value + ONE);
  let [sum, power] = [0n, z];
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power = multiply(power, multiply(z, z));
  }
  return 2n * sum;
}

describe("gamma and normal", () => {
  test.each([
    [0.5, Math.log(Math.sqrt(Math.PI))],
    [1, 0],
    [10, Math.log(362_880)],
    [1_000.5, 5_908.674175848678],
  ])("ln gamma of %d", (x, expected) => {
    expect(lnGamma(x)).toBeCloseTo(expected, 9);
  });
  test.each([
    [0.5, 1.9207294103470625, 0.05],
    [1, 1, Math.exp(-1)],
    [5, 30, Math.exp(-30) * (1 + 30 + 450 + 4_500 + 33_750)],
  ])("Q(%d, %d)", (a, x, expected) => {
    expect(Math.abs(upperGamma(a, x) / expected - 1)).toBeLessThan(1e-6);
  });
  test.each([
    [0.975, 1.959963984540054],
    [0.8, 0.8416212335729143],
    [0.001, -3.090232306167813],
  ])("the normal quantile of %d, and back", (probability, z) => {
    expect(normalQuantile(probability)).toBeCloseTo(z, 9);
    expect(normalProbability(z)).toBeCloseTo(probability, 12);
  });
});

describe("the sequential test", () => {
  test.each([
    ["500/1000 vs 560/1000", [500, 1_000], [560, 1_000], 0.06, [-0.009598, 0.129598], 0.129643],
    ["480/1000 vs 520/1000", [480, 1_000], [520, 1_000], 0.04, [-0.029794, 0.109794], 0.604004],
    ["4800/10000 vs 5100/10000", [4_800, 10_000], [5_100, 10_000], 0.03, [0.007899, 0.052101], 0.000921],
  ] as const)("of %s, absolute", (_, [a, nA], [b, nB], difference, [low, high], p) => {
    const [control, arm] = [rateOf(a, nA), rateOf(b, nB)];
    const estimate = arm.mean - control.mean;
    const variance = control.variance + arm.variance;
    const result = sequentialTest({ estimate, variance, units: nA + nB, plannedUnits: 5_000, alpha: 0.05 });
    expectClose(estimate, difference);
    expect(Math.abs(result.interval[0] - low)).toBeLessThan(1e-6);
    expect(Math.abs(result.interval[1] - high)).toBeLessThan(1e-6);
    expect(Math.abs(result.p - p)).toBeLessThan(1e-6);
  });

  // GrowthBook publishes these with five digits. What those are rounded from was computed with 50 digits, see the test below.
  test.each([
    {
      name: "1396/3000 vs 2422/3461, N 5000",
      control: rateOf(1_396, 3_000),
      arm: rateOf(2_422, 3_461),
      plannedUnits: 5_000,
      published: [0.50386, 0.40098, 0.60675],
      exact: [0.5038633516821496, 0.4009784966859415, 0.6067482066783577],
      p: 0,
    },
    {
      name: "means of 3,000 and 3,461 values, N 1000",
      control: meanOf(1_396.87, 52_377.9767, 3_000),
      arm: meanOf(2_422.7, 134_698.29, 3_461),
      plannedUnits: 1_000,
      published: [0.50336, -0.55844, 1.56516],
      exact: [0.5033610858562357, -0.5584405051077314, 1.565162676820203],
      p: 1,
    },
  ])("of $name, relative", ({ control, arm, plannedUnits, published, exact, p }) => {
    const relative = relativeDifference(control, arm);
    if (relative === null) throw new Error("the control's mean is not 0");
    const result = sequentialTest({ ...relative, units: 6_461, plannedUnits, alpha: 0.05 });
    const found = [relative.estimate, ...result.interval];
    for (const [index, value] of found.entries()) expect(Math.abs(value - (exact[index] ?? 0))).toBeLessThan(1e-12);
    expect(found.map((value) => Number(value.toFixed(5)))).toEqual(published);
    expect(result.p).toBeCloseTo(p, 12);
  });

  test("of 1396/3000 vs 2422/3461, relative, is that of the formulas with 40 digits", () => {
    const [a, b] = [divide(fixed(1_396), fixed(3_000)), divide(fixed(2_422), fixed(3_461))];
    const variance = (mean: bigint, trials: number) => divide(multiply(mean, ONE - mean), fixed(trials));
    const [square, q] = [multiply(a, a), divide(b, a)];
    const ofQuotient = divide(variance(b, 3_461) + multiply(variance(a, 3_000), multiply(q, q)), square);
    const twice = multiply(fixed(-2), logarithm(divide(ONE, fixed(20))));
    const nr = (6_461n * (twice + logarithm(twice + ONE))) / 5_000n;
    const t = nr + ONE;
    const factor = divide(2n * multiply(t, logarithm(20n * root(t))), nr);
    const half = root(multiply(ofQuotient, factor));
    const digits = [q - ONE, q - ONE - half, q - ONE + half].map((value) => Number(value) / Number(ONE));
    expect(digits.map((value) => value.toFixed(12))).toEqual(["0.503863351682", "0.400978496686", "0.606748206678"]);
  });

  /** The parameter of the mixture: what `plannedUnits` is divided by to get 1 / r. */
  const AT_ALPHA = -2 * Math.log(0.05) + Math.log(-2 * Math.log(0.05) + 1);

  // TensorZero scales its parameter rho by the standard deviation: r = variance rho^2.
  test.each([
    [0.5, 0.25, 100, 0.161333],
    [0.5, 0.25, 1_000, 0.048838],
    [0.8, 0.16, 50, 0.224921],
  ])("of one mean of %d with variance %d and n %d is that of TensorZero", (estimate, variance, units, half) => {
    const plannedUnits = AT_ALPHA / (variance * 0.296341 ** 2);
    const of = { estimate, variance: variance / units, units, plannedUnits, alpha: 0.05 };
    const { interval } = sequentialTest(of);
    expect(Math.abs(interval[1] - estimate - half)).toBeLessThan(1e-6);
  });

  test("has the parameter and the bound of the R package confseq", () => {
    expect(Math.abs(100 / AT_ALPHA - 12.60056)).toBeLessThan(1e-5);
    // A sum of 100 values of variance 1.
    const { interval } = sequentialTest({ estimate: 0, variance: 1 / 100, units: 100, plannedUnits: 100, alpha: 0.05 });
    expect(Math.abs(interval[1] * 100 - 30.35209)).toBeLessThan(1e-5);
  });

  test("without units knows nothing, and without variance is certain", () => {
    const base = { plannedUnits: 100, alpha: 0.05 };
    expect(sequentialTest({ ...base, estimate: 0, variance: 0, units: 0 }).p).toBe(1);
    expect(sequentialTest({ ...base, estimate: 1, variance: 0, units: 50 })).toEqual({ interval: [1, 1], p: 0 });
    expect(sequentialTest({ ...base, estimate: 0, variance: 0, units: 50 }).p).toBe(1);
  });
});

describe("the sample ratio", () => {
  test.each([
    [[5_100, 4_900], [1, 1], 0.0455003],
    [[5_200, 4_800], [1, 1], 6.33425e-5],
    [[9_100, 900], [90, 10], 8.58121e-4],
    [[821_588, 815_482], [1, 1], 1.82179e-6],
    [[3_400, 3_300, 3_300], [1, 1, 1], 0.3678794],
    [[0, 0], [1, 1], 1],
    [[5], [1], 1],
  ])("of %j with weights %j", (counts, weights, expected) => {
    const p = sampleRatio(counts, weights);
    expect(Math.abs(p / expected - 1)).toBeLessThan(2e-6);
    expect(Math.abs(p - expected)).toBeLessThan(1e-6);
  });
});

describe("the probability of being better", () => {
  test.each([
    [50, 100, 60, 100, 0.92142625],
    [500, 1_000, 560, 1_000, 0.99640031],
    [10, 20, 16, 20, 0.97418568],
    [0, 10, 1, 10, 0.76190476],
  ])("of %d/%d vs %d/%d", (a, nA, b, nB, expected) => {
    const better = probabilityBetterRate({ successes: a, trials: nA }, { successes: b, trials: nB });
    expect(Math.abs(better - expected)).toBeLessThan(1e-8);
  });

  test("of a difference is that of a normal variable", () => {
    expect(probabilityAboveZero(1.959963984540054, 1)).toBeCloseTo(0.975, 12);
    expect([1, -1, 0].map((difference) => probabilityAboveZero(difference, 0))).toEqual([1, 0, 0.5]);
  });
});

describe("the units that it takes", () => {
  test("are fewer with more calls a unit, and more with correlation", () => {
    const base = { difference: 0.05, rate: 0.5, power: 0.95 };
    const single = unitsNeeded(base).units;
    const repeated = unitsNeeded({ ...base, callsPerUnit: 10 }).units;
    const correlated = unitsNeeded({ ...base, callsPerUnit: 10, correlation: 0.5 }).units;
    expect(single).toBeGreaterThan(correlated);
    expect(correlated).toBeGreaterThan(repeated);
    // A test that is looked at once takes 4 (1.96 + 1.645)^2 v / d^2 = 1,300; looking at any time costs units.
    expect(single).toBeGreaterThan(5_200);
    expect(single).toBeLessThan(11_000);
    expect(unitsNeeded({ ...base, callsPerUnit: 10 }).calls).toBe(repeated * 10);
  });

  test("need a rate or a variance", () => {
    expect(() => unitsNeeded({ difference: 1 })).toThrow("rate or variance");
    expect(unitsNeeded({ difference: 100, variance: 40_000, share: 0.1 }).arm).toBeGreaterThan(10);
  });
});
