import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bucketRanges, chooseRange } from "./bucket-ranges.ts";
import { hashUnit } from "./hash-unit.ts";

interface Vectors {
  readonly hash: readonly [seed: string, value: string, expected: number][];
  readonly getBucketRange: readonly [string, [number, number, number[] | null], [number, number][]][];
  readonly chooseVariation: readonly [string, number, [number, number][], number][];
}
const vectors: Vectors = JSON.parse(
  readFileSync(new URL("../../fixtures/growthbook-hash-v2.json", import.meta.url), "utf8"),
);

describe("the published cases of GrowthBook", () => {
  test.each(vectors.hash)("hash of seed %j and value %j", (seed, value, expected) => {
    expect(hashUnit(seed, value)).toBe(expected);
  });

  test.each(vectors.getBucketRange)("ranges: %s", (_, [count, coverage, weights], expected) => {
    const ranges = bucketRanges(count, coverage, weights);
    expect(ranges).toHaveLength(expected.length);
    for (const [index, [from, to]] of expected.entries()) {
      expect(ranges[index]?.[0]).toBeCloseTo(from, 9);
      expect(ranges[index]?.[1]).toBeCloseTo(to, 9);
    }
  });

  test.each(vectors.chooseVariation)("choice: %s", (_, bucket, ranges, expected) => {
    expect(chooseRange(bucket, ranges)).toBe(expected);
  });

  test("are all of version 2", () => {
    const { hash, getBucketRange, chooseVariation } = vectors;
    expect([hash.length, getBucketRange.length, chooseVariation.length]).toEqual([7, 13, 13]);
  });
});

describe("the hash", () => {
  test.each([
    ["npc-1", 0.0298],
    ["npc-2", 0.9674],
    ["npc-3", 0.4322],
    ["agent:42", 0.8588],
  ])("of npc-model-v1 and %s", (value, expected) => {
    expect(hashUnit("npc-model-v1", value)).toBe(expected);
  });

  test("of a text beyond ASCII is that of its percent-encoding", () => {
    expect(hashUnit("seed", "Jürgen 🚢")).toBe(hashUnit("seed", "J%C3%BCrgen %F0%9F%9A%A2"));
    expect(hashUnit("ü", "a")).toBe(hashUnit("%C3%BC", "a"));
    expect(hashUnit("seed", "\uD800")).toBe(hashUnit("seed", "%EF%BF%BD"));
  });

  test("is spread evenly: ten parts of 100,000 units", () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (let unit = 0; unit < 100_000; unit += 1) {
      const part = Math.trunc(hashUnit("spread", `npc-${unit}`) * 10);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});

describe("ranges", () => {
  test("of a last arm that is raised from 1 % to 10 %: only units from .9 to .99 move", () => {
    const before = bucketRanges(2, 1, [0.99, 0.01]);
    const after = bucketRanges(2, 1, [0.9, 0.1]);
    for (let place = 0; place < 10_000; place += 1) {
      const bucket = place / 10_000;
      const moved = chooseRange(bucket, before) !== chooseRange(bucket, after);
      expect(moved).toBe(bucket >= 0.9 && bucket < 0.99);
    }
  });

  test("of tenths meet without gaps", () => {
    const ranges = bucketRanges(
      10,
      1,
      Array.from({ length: 10 }, () => 0.1),
    );
    expect(ranges.map(([from]) => from)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    expect(ranges.slice(1).every(([from], index) => from === ranges[index]?.[1])).toBe(true);
  });
});
