import { expect, test } from "vitest";
import { parseShouldRetry } from "./parse-should-retry.ts";
import { requestIdOf, responseHead } from "./response-head.ts";

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
  expect(responseHead({ status: 200, headers }, [], NOW)).toEqual({
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
  expect(responseHead({ status: 429, headers }, [], NOW)).toEqual({
    status: 429,
    requestId: "req_02",
    rateLimits: [
      { kind: "requests", limit: 50, remaining: 0, resetMs: 30_000 },
      { kind: "input-tokens", limit: null, remaining: 1000, resetMs: null },
      { kind: "output-tokens", limit: 8000, remaining: null, resetMs: null },
    ],
  });
});

test("no headers, and invalid headers", () => {
  const headers = new Headers({ "x-ratelimit-limit-tokens": "many", "x-ratelimit-remaining-tokens": "" });
  expect(responseHead({ status: 200, headers }, [], NOW)).toEqual({ status: 200, requestId: null, rateLimits: [] });
});

test.each([
  ["req_011CPnabc", "req_011CPnabc"],
  ["7d9f4c1e-6a5b-4c3d-8e2f-1a0b9c8d7e6f", "7d9f4c1e-6a5b-4c3d-8e2f-1a0b9c8d7e6f"],
  ["0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"],
  ["8c1f2a-FRA", "8c1f2a-FRA"],
  ["SuperSecretKeyValue4711abc", null],
  ["supersecretkeyvalue4711abc", null],
  ["req_SuperSecretKey", null],
  ["x4711abc-KeyValue4711abc-1", null],
  ["sk-proj-somebody-elses-1", null],
  ["gsk_somebodyelses0123456", null],
  ["Bearer:1234567890", null],
  ["two words 1", null],
  ["a-sentence-joined-by-hyphens", null],
  ["%53uper1", null],
  ["1\u202e2", null],
  ["1".repeat(129), null],
  ["", null],
])("the request id %j is returned as %s", (id, expected) => {
  const headers = { get: (name: string) => (name === "x-request-id" ? id : null), entries: () => [] };
  expect(requestIdOf(headers, ["SuperSecretKeyValue4711abc", "short"])).toBe(expected);
});

test.each([
  ["true", true],
  ["False", false],
  ["maybe", null],
])("x-should-retry: %s", (value, expected) => {
  expect(parseShouldRetry(new Headers({ "x-should-retry": value }))).toBe(expected);
  expect(parseShouldRetry(new Headers())).toBeNull();
});
