import { expect, test } from "vitest";
import { parseReset } from "./parse-reset.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");

test.each([
  ["2", 2_000],
  ["0", 0],
  ["0.25", 250],
  [" 30 ", 30_000],
  ["6m0s", 360_000],
  ["12ms", 12],
  ["2026-11-22T12:00:05Z", 5_000],
  ["2026-11-22T13:00:05+01:00", 5_000],
  ["2026-11-22T11:00:00Z", 0],
  ["Sun, 22 Nov 2026 12:01:00 GMT", 60_000],
  ["Sun, 22 Nov 2026 11:00:00 GMT", 0],
  [String(NOW / 1000 + 10), 10_000],
  [String(NOW + 10), 10],
  ["", null],
  ["-5", null],
  ["soon", null],
  ["NaN", null],
  [null, null],
])("%s is %s ms away", (text, expected) => {
  expect(parseReset(text, NOW)).toBe(expected);
});
