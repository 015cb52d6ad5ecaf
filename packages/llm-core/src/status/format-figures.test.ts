import { expect, test } from "vitest";
import { formatDuration, formatShare } from "./format-figures.ts";

test("formats durations and percentages", () => {
  expect([null, 4.4, 640, 2_440, 31_400].map(formatDuration)).toEqual(["–", "4 ms", "640 ms", "2.4 s", "31 s"]);
  expect([59_400, 59_960, 125_000].map(formatDuration)).toEqual(["59 s", "1 min 0 s", "2 min 5 s"]);
  expect([null, 0, 0.996, 1].map(formatShare)).toEqual(["–", "0 %", "99 %", "100 %"]);
});
