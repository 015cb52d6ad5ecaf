import { expect, test } from "vitest";
import { parseRetryAfter } from "./parse-retry-after.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");

test.each<[string, Record<string, string>, string, number | null]>([
  ["nothing", {}, "", null],
  ["seconds", { "retry-after": "6" }, "", 6_000],
  ["an HTTP date", { "retry-after": "Sun, 22 Nov 2026 12:00:09 GMT" }, "", 9_000],
  ["retry-after-ms before retry-after", { "retry-after-ms": "1500.2", "retry-after": "6" }, "", 1_501],
  ["a retry-after-ms that is no number", { "retry-after-ms": "soon", "retry-after": "6" }, "", 6_000],
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
    "the spent budget's reset",
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
    "the later of two spent budgets",
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
    "budgets that are not spent",
    { "x-ratelimit-remaining-tokens": "1", "x-ratelimit-reset-tokens": "7.66s" },
    "",
    null,
  ],
])("%s", (_, headers, text, expected) => {
  expect(parseRetryAfter(new Headers(headers), text, NOW)).toBe(expected);
});
