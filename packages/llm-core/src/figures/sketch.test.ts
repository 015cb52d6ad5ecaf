import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addToSketch,
  createSketch,
  mergeSketch,
  quantileOf,
  SKETCH_RELATIVE_ERROR,
  type Sketch,
  subtractSketch,
} from "./sketch.ts";

function sketchOf(durations: readonly number[]): Sketch {
  const sketch = createSketch();
  for (const duration of durations) addToSketch(sketch, duration);
  return sketch;
}

/** The counts by bucket, without unused capacity. */
const countsOf = ({ first, counts }: Sketch) =>
  [...counts].flatMap((count, at) => (count === 0 ? [] : [[first + at, count]]));

function sortedQuantile(durations: readonly number[], share: number): number {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN;
}

/** Spread evenly over all magnitudes from 0.02 ms to 10 hours. */
const duration = fc.double({ min: Math.log(0.02), max: Math.log(36_000_000), noNaN: true }).map(Math.exp);
const durations = fc.array(duration, { minLength: 1, maxLength: 300 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe("a quantile of a sketch", () => {
  it("is within the relative error of that of the sorted list", () => {
    fc.assert(
      fc.property(durations, share, (values, of) => {
        const exact = sortedQuantile(values, of);
        const found = quantileOf(sketchOf(values), of) ?? Number.NaN;
        expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(SKETCH_RELATIVE_ERROR + 1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it("has that error for a million durations, in at most 4 KB", () => {
    const values = Array.from({ length: 1_000_000 }, (_, at) => Math.exp(((at * 7_919) % 1_000_003) / 70_000) * 0.5);
    const sketch = sketchOf(values);
    const sorted = values.toSorted((a, b) => a - b);
    for (const of of [0.5, 0.95, 0.99, 0.999]) {
      const exact = sorted[Math.ceil(of * sorted.length) - 1] ?? Number.NaN;
      expect(Math.abs((quantileOf(sketch, of) ?? Number.NaN) - exact) / exact).toBeLessThan(0.011);
    }
    expect(sketch.counts.byteLength).toBeLessThanOrEqual(4_096);
  });

  it("is null for an empty sketch", () => {
    expect(quantileOf(createSketch(), 0.5)).toBeNull();
  });

  it.each([
    [0, 0],
    [-5, 0],
    [Number.NaN, 0],
    [0.000_1, 0.000_1],
    [10, 10],
    [200, 200],
    [1e12, 1e12],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])("of %d alone is %d", (value, expected) => {
    expect(quantileOf(sketchOf([value, value, value]), 0.95)).toBe(expected);
  });
});

describe("the edges of the buckets", () => {
  it("double every 32 buckets, from 10 ms on", () => {
    const bucketsOf = (...values: number[]) => values.map((value) => countsOf(sketchOf([value]))[0]?.[0]);
    expect(bucketsOf(20, 40, 80, 81_920)).toEqual([32, 64, 96, 13 * 32]);
    expect(bucketsOf(9.8, 10, 10.000_1)).toEqual([0, 0, 1]);
  });

  it("cover everything in at most 4 KB", () => {
    const sketch = sketchOf([0, Number.POSITIVE_INFINITY, 1]);
    expect(sketch.counts.byteLength).toBe(4_096);
    expect(sketch.count).toBe(3);
  });
});

describe("merging", () => {
  it("is exact: it gives the sketch of all durations, in whatever order", () => {
    fc.assert(
      fc.property(fc.array(durations, { maxLength: 16 }), (parts) => {
        const forwards = createSketch();
        const backwards = createSketch();
        for (const part of parts) mergeSketch(forwards, sketchOf(part));
        for (const part of parts.toReversed()) mergeSketch(backwards, sketchOf(part));
        const whole = sketchOf(parts.flat());
        expect(countsOf(forwards)).toEqual(countsOf(whole));
        expect(countsOf(backwards)).toEqual(countsOf(whole));
        expect(forwards.count).toBe(whole.count);
      }),
    );
  });

  it("is undone by subtracting", () => {
    fc.assert(
      fc.property(durations, durations, (one, other) => {
        const sketch = sketchOf(one);
        mergeSketch(sketch, sketchOf(other));
        subtractSketch(sketch, sketchOf(one));
        expect(countsOf(sketch)).toEqual(countsOf(sketchOf(other)));
        subtractSketch(sketch, createSketch());
        expect(sketch.count).toBe(other.length);
      }),
    );
  });
});
