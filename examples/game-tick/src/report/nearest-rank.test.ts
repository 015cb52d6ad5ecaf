import { expect, test } from "vitest";
import { nearestRank } from "./nearest-rank.ts";

const hundred = [...Array(100).keys()].map((index) => 100 - index);

test.each([
  [[], 0.5, null],
  [[7], 0.5, 7],
  [[7], 0.95, 7],
  [[3, 1, 2], 0.5, 2],
  [[4, 3, 1, 2], 0.5, 2],
  [hundred, 0.5, 50],
  [hundred, 0.95, 95],
  [hundred, 1, 100],
  [[10, 9, 2], 0.01, 2],
] as const)("of %j the quantile %d is %j", (values, share, expected) => {
  expect(nearestRank(values, share)).toBe(expected);
});
