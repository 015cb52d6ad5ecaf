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
  [String((NOW + 10) * 1e3), 10],
  [String((NOW + 10) * 1e6), 10],
  ["9".repeat(400), 86_400_000],
  ["100000", 86_400_000],
  ["9999999999999h", 86_400_000],
  ["2999-01-01T00:00:00Z", 86_400_000],
  ["", null],
  ["-5", null],
  ["soon", null],
  ["NaN", null],
  [null, null],
])("%s is %s ms away", (text, expected) => {
  expect(parseReset(text, new Headers(), NOW)).toBe(expected);
});

test.each([
  ["Sun, 22 Nov 2026 12:00:05 GMT", 5_000],
  ["2026-11-22T12:00:05Z", 5_000],
  [String(NOW / 1000 + 5), 5_000],
  ["5", 5_000],
  ["5s", 5_000],
])("%s by the vendor's clock is %s ms away, with our clock an hour off", (text, expected) => {
  const headers = new Headers({ date: "Sun, 22 Nov 2026 12:00:00 GMT" });
  for (const nowMs of [NOW - 3_600_000, NOW + 3_600_000]) expect(parseReset(text, headers, nowMs)).toBe(expected);
});

test("an invalid date header is ignored", () => {
  expect(parseReset("2026-11-22T12:00:05Z", new Headers({ date: "yesterday" }), NOW)).toBe(5_000);
});
