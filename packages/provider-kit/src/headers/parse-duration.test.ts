import { expect, test } from "vitest";
import { parseDuration } from "./parse-duration.ts";

test.each([
  ["1m2.5s", 62_500],
  ["7.66s", 7_660],
  ["12ms", 12],
  ["120ms", 120],
  ["6m0s", 360_000],
  ["1h2m3s", 3_723_000],
  ["2m59.56s", 179_560],
  ["9m52.272s", 592_272],
  ["1s", 1_000],
  ["500us", 1],
  ["500µs", 1],
  ["0s", 0],
  ["", null],
  ["5", null],
  ["s", null],
  ["1m 2s", null],
  ["-1s", null],
  ["1m2", null],
])("%s is %s ms", (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});
