import { expect, test } from "vitest";
import { formatUsd } from "./format-usd.ts";

test.each([
  [0, "$0.000000"],
  [499, "$0.000000"],
  [1_140_000, "$0.001140"],
  [999_999_999, "$1.000000"],
  [12_345_678_901_234, "$12345.678901"],
])("%d billionths: %s", (nanoUsd, text) => {
  expect(formatUsd(nanoUsd)).toBe(text);
});
