import { expect, test } from "vitest";
import { parseRetryAfter } from "./parse-retry-after.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");

test.each<[string, Record<string, string>, string, number | null]>([
  ["nothing", {}, "", null],
  ["seconds", { "retry-after": "6" }, "", 6_000],
  ["an HTTP date", { "retry-after": "Sun, 22 Nov 2026 12:00:09 GMT" }, "", 9_000],
  ["seconds, given twice", { "retry-after": "6, 9" }, "", 9_000],
  ["seconds and a date", { "retry-after": "6, Sun, 22 Nov 2026 12:00:09 GMT" }, "", 9_000],
  ["two dates", { "retry-after": "Sun, 22 Nov 2026 12:00:09 GMT, Sun, 22 Nov 2026 12:00:03 GMT" }, "", 9_000],
  ["milliseconds, given twice", { "retry-after-ms": "600, 900" }, "", 900],
  ["a bare reset", { "ratelimit-reset": "7" }, "", 7_000],
  ["a bare reset of an epoch", { "x-ratelimit-reset": String(NOW / 1_000 + 7) }, "", 7_000],
  [
    "a bare exhausted budget",
    { "ratelimit-limit": "9", "ratelimit-remaining": "0", "ratelimit-reset": "7" },
    "",
    7_000,
  ],
  [
    "a bare budget that is not exhausted",
    { "ratelimit-limit": "9", "ratelimit-remaining": "5", "ratelimit-reset": "7" },
    "",
    null,
  ],
  ["retry-after-ms before retry-after", { "retry-after-ms": "1500.2", "retry-after": "6" }, "", 1_501],
  ["a retry-after-ms that is not a number", { "retry-after-ms": "soon", "retry-after": "6" }, "", 6_000],
  ["OpenAI's text", {}, "Rate limit reached for gpt-6-luna. Please try again in 6s. Visit …", 6_000],
  ["Groq's text", {}, "Used 197117, Requested 4254. Please try again in 9m52.272s.", 592_272],
  ["milliseconds in the text", {}, "Please try again in 12ms.", 12],
  ["seconds in words", {}, "Please retry after 20 seconds.", 20_000],
  ["minutes in words", {}, "try again in 1.5 minutes", 90_000],
  ["hours in words", {}, "Try again after 2 hours", 7_200_000],
  ["days in words", {}, "try again in 3 days", 86_400_000],
  ["milliseconds in words", {}, "retry in 250 milliseconds", 250],
  ["too many milliseconds", { "retry-after-ms": "99999999999999999" }, "", 86_400_000],
  ["too many seconds", { "retry-after": "9999999999999" }, "", 86_400_000],
  ["too long a text", {}, "Please try again in 9999999999999h.", 86_400_000],
  ["the header before the text", { "retry-after": "2" }, "Please try again in 6s.", 2_000],
  [
    "the reset of the exhausted budget",
    {
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "2m59.56s",
      "x-ratelimit-remaining-tokens": "5",
      "x-ratelimit-reset-tokens": "10m0s",
    },
    "",
    179_560,
  ],
  [
    "the later reset of two exhausted budgets",
    {
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-11-22T12:00:05Z",
      "anthropic-ratelimit-input-tokens-remaining": "0",
      "anthropic-ratelimit-input-tokens-reset": "2026-11-22T12:00:07Z",
    },
    "",
    7_000,
  ],
  [
    "budgets that are not exhausted",
    { "x-ratelimit-remaining-tokens": "1", "x-ratelimit-reset-tokens": "7.66s" },
    "",
    null,
  ],
])("%s", (_, headers, text, expected) => {
  expect(parseRetryAfter(new Headers(headers), text, NOW)).toBe(expected);
});
