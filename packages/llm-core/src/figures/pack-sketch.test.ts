import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packSketch, unpackSketch } from "./pack-sketch.ts";
import { addToSketch, countUpTo, createSketch, mergeSketch, quantileOf, type Sketch } from "./sketch.ts";

function sketchOf(durations: readonly number[]): Sketch {
  const sketch = createSketch();
  for (const duration of durations) addToSketch(sketch, duration);
  return sketch;
}

const duration = fc.oneof(
  fc.double({ min: Math.log(0.02), max: Math.log(36_000_000), noNaN: true }).map(Math.exp),
  fc.constantFrom(0, 10, 20, Number.POSITIVE_INFINITY),
);

const countsOf = ({ first, counts }: Sketch) =>
  [...counts].flatMap((count, at) => (count === 0 ? [] : [[first + at, count]]));

it("a packed sketch is the same when it is unpacked, and can be merged", () => {
  fc.assert(
    fc.property(fc.array(duration, { maxLength: 200 }), fc.array(duration, { maxLength: 50 }), (values, more) => {
      const sketch = sketchOf(values);
      const unpacked = unpackSketch(packSketch(sketch));
      expect(countsOf(unpacked)).toEqual(countsOf(sketch));
      expect([unpacked.count, unpacked.minMs, unpacked.maxMs]).toEqual([sketch.count, sketch.minMs, sketch.maxMs]);
      expect(quantileOf(unpacked, 0.95)).toBe(quantileOf(sketch, 0.95));
      mergeSketch(unpacked, sketchOf(more));
      expect(countsOf(unpacked)).toEqual(countsOf(sketchOf([...values, ...more])));
    }),
  );
});

it("is small: a busy hour of one model takes less than 700 bytes", () => {
  const values = Array.from({ length: 10_000 }, (_, at) => 200 * Math.exp(((at * 7_919) % 10_007) / 2_500));
  expect(packSketch(sketchOf(values)).length).toBeLessThan(700);
  expect(packSketch(createSketch()).length).toBe(17);
});

it.each<[string, Uint8Array]>([
  ["nothing", new Uint8Array(0)],
  ["another form", new Uint8Array(40).fill(9)],
  ["a head that is cut off", packSketch(sketchOf([5])).subarray(0, 10)],
  ["a number that is cut off", packSketch(sketchOf([1e6])).subarray(0, -2)],
  ["a count that is missing", packSketch(sketchOf([5])).subarray(0, -1)],
  ["a bucket that no sketch has", Uint8Array.from([...packSketch(createSketch()), 255, 255, 255, 127, 1])],
])("refuses %s", (_, bytes) => {
  expect(() => unpackSketch(bytes)).toThrow("not those of a sketch");
});

describe("countUpTo", () => {
  it("is exact at the edges", () => {
    const values = [0, 5, 10, 10.000_1, 19.999, 20, 20.1, 81_920, 81_921, Number.POSITIVE_INFINITY];
    const sketch = sketchOf(values);
    for (const edge of [10, 20, 40, 80, 81_920]) {
      expect(countUpTo(sketch, edge)).toBe(values.filter((value) => value <= edge).length);
    }
    expect(countUpTo(sketch, Number.POSITIVE_INFINITY)).toBe(values.length);
    expect(countUpTo(createSketch(), 10)).toBe(0);
    expect(countUpTo(sketchOf([500]), 10)).toBe(0);
  });
});
