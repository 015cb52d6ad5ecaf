import { expect, test } from "vitest";
import { formatElapsed } from "./format-elapsed.ts";

test.each([
  [0, "0 ms"],
  [41.4, "41 ms"],
  [999.4, "999 ms"],
  [999.6, "1.0 s"],
  [1_849, "1.8 s"],
  [59_940, "59.9 s"],
  [59_960, "1 min 00 s"],
  [125_000, "2 min 05 s"],
])("%d ms is %s", (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});
