import { expect, test } from "vitest";
import { parseShouldRetry } from "./parse-should-retry.ts";
import { responseHead } from "./response-head.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");

test("Groq's headers", () => {
  const headers = new Headers({
    "x-request-id": "req_01",
    "x-ratelimit-limit-requests": "14400",
    "x-ratelimit-limit-tokens": "18000",
    "x-ratelimit-remaining-requests": "14370",
    "x-ratelimit-remaining-tokens": "17997",
    "x-ratelimit-reset-requests": "2m59.56s",
    "x-ratelimit-reset-tokens": "7.66s",
  });
  expect(responseHead({ status: 200, headers }, NOW)).toEqual({
    status: 200,
    requestId: "req_01",
    rateLimits: [
      { kind: "requests", limit: 14_400, remaining: 14_370, resetMs: 179_560 },
      { kind: "tokens", limit: 18_000, remaining: 17_997, resetMs: 7_660 },
    ],
  });
});

test("Anthropic's headers", () => {
  const headers = new Headers({
    "request-id": "req_02",
    "anthropic-ratelimit-requests-limit": "50",
    "anthropic-ratelimit-requests-remaining": "0",
    "anthropic-ratelimit-requests-reset": "2026-11-22T12:00:30Z",
    "anthropic-ratelimit-input-tokens-remaining": "1000",
    "anthropic-ratelimit-output-tokens-limit": "8000",
  });
  expect(responseHead({ status: 429, headers }, NOW)).toEqual({
    status: 429,
    requestId: "req_02",
    rateLimits: [
      { kind: "requests", limit: 50, remaining: 0, resetMs: 30_000 },
      { kind: "input-tokens", limit: null, remaining: 1000, resetMs: null },
      { kind: "output-tokens", limit: 8000, remaining: null, resetMs: null },
    ],
  });
});

test("no headers, and headers that make no sense", () => {
  const headers = new Headers({ "x-ratelimit-limit-tokens": "many", "x-ratelimit-remaining-tokens": "" });
  expect(responseHead({ status: 200, headers }, NOW)).toEqual({ status: 200, requestId: null, rateLimits: [] });
});

test.each([
  ["true", true],
  ["False", false],
  ["maybe", null],
])("x-should-retry: %s", (value, expected) => {
  expect(parseShouldRetry(new Headers({ "x-should-retry": value }))).toBe(expected);
  expect(parseShouldRetry(new Headers())).toBeNull();
});
