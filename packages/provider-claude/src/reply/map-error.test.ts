import { isLLMError } from "@babylon/llm-core";
import { parseJSON, replyError } from "@babylon/provider-kit";
import { expect, test } from "vitest";
import { readFixture } from "../test-support/read-fixture.ts";
import { replySource } from "../test-support/reply-source.ts";
import { mapError } from "./map-error.ts";

interface Row {
  readonly file: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly fallback?: boolean;
  readonly headers?: Record<string, string>;
  readonly retryAfterMs?: number;
}

const row = (file: string, code: string, retryable: boolean, more: Partial<Row> = {}): Row => ({
  file,
  code,
  retryable,
  ...more,
});

/** One row for each row of the vendor's error table, and for its special cases. */
const ROWS: readonly Row[] = [
  row("400-invalid-request.json", "invalid_request", false),
  row("400-sampling.json", "invalid_request", false),
  row("400-prefill.json", "invalid_request", false),
  row("400-thinking-signature.json", "invalid_request", false),
  row("400-credit-balance.json", "quota", false),
  row("400-usage-limits.json", "quota", false),
  row("400-prompt-too-long.json", "context_length", false),
  row("400-context-limit.json", "context_length", false),
  row("400-content-filtering.json", "content_filter", false, { fallback: false }),
  row("400-organization-on-hold.json", "permission", false),
  row("400-cmek-key-disabled.json", "permission", false),
  row("401-authentication.json", "auth", false),
  row("402-billing.json", "quota", false),
  row("402-linked-spend-limit.json", "quota", false),
  row("403-permission.json", "permission", false),
  row("404-not-found.json", "model_not_found", false),
  row("408-timeout.json", "server", true),
  row("409-conflict.json", "overloaded", true),
  row("413-request-too-large.json", "context_length", false),
  row("413-after-decoding.json", "context_length", false),
  row("413-cloudflare.txt", "context_length", false),
  row("429-rate-limit.json", "rate_limit", true, { headers: { "retry-after": "12" }, retryAfterMs: 12_000 }),
  row("429-ramp-limit.json", "rate_limit", true, { headers: { "retry-after": "3" }, retryAfterMs: 3_000 }),
  row("429-concurrent-connections.json", "rate_limit", true),
  row("429-enforced-spend-limit.json", "quota", false),
  row("429-contract-spend-limit.json", "quota", false),
  row("500-api-error.json", "server", true),
  row("502-cloudflare.txt", "server", true),
  row("503-cmek-unreachable.json", "server", true),
  row("504-timeout.json", "server", true),
  row("529-overloaded.json", "overloaded", true),
  row("529-compaction-unavailable.json", "overloaded", true),
  // The vendor's x-should-retry header has precedence in both directions.
  row("529-overloaded.json", "overloaded", false, { headers: { "x-should-retry": "false" } }),
  row("400-invalid-request.json", "invalid_request", true, { headers: { "x-should-retry": "true" } }),
  // Without retry-after, the wait is the reset time of the exhausted limit.
  row("429-rate-limit.json", "rate_limit", true, {
    headers: {
      "anthropic-ratelimit-requests-limit": "50",
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-11-22T00:00:07Z",
    },
    retryAfterMs: 7_000,
  }),
];

function errorOf(file: string, headers: Record<string, string> = {}) {
  const source = replySource(headers);
  const text = readFixture(`errors/${file}`);
  const reply = { status: Number(file.slice(0, 3)), headers: source.response.headers, body: parseJSON(text), text };
  return replyError(reply, mapError, source.facts, source.nowMs);
}

test.each(ROWS)("$file with $headers is $code", ({ file, code, retryable, fallback = true, headers, retryAfterMs }) => {
  const error = errorOf(file, headers);
  expect({ code: error.code, retryable: error.retryable, fallback: error.fallback }).toEqual({
    code,
    retryable,
    fallback,
  });
  expect(error.retryAfterMs).toBe(retryAfterMs ?? null);
  expect(error).toMatchObject({ status: Number(file.slice(0, 3)), requestId: "req_1", callId: "call-1" });
  expect(error.message).toMatch(/^Claude answered \d{3}: ./);
  expect(error.message).not.toMatch(/<\w/);
});

test.each([
  ["a body without an error", 418, { nothing: true }, "invalid_request"],
  ["not JSON", 503, undefined, "overloaded"],
  ["an unknown type", 500, { error: { type: "weather_error", message: "It rains" } }, "server"],
  ["an unknown type with 429", 429, { error: { type: "weather_error", message: "It rains" } }, "rate_limit"],
  ["an unknown error_code beside a known type", 429, detailed("new_code"), "rate_limit"],
  ["Bedrock's throttling", 429, { message: "Too many tokens, please wait before trying again." }, "rate_limit"],
])("%s is classified by the status", (_name, status, body, code) => {
  const { response, facts, nowMs } = replySource();
  const error = replyError({ status, headers: response.headers, body, text: "" }, mapError, facts, nowMs);
  expect(isLLMError(error) && error.code).toBe(code);
});

test.each([
  ["overloaded_error", "overloaded"],
  ["rate_limit_error", "rate_limit"],
  ["api_error", "server"],
  ["invalid_request_error", "invalid_request"],
  ["weather_error", "invalid_response"],
])("%s in a successful reply is %s", (type, code) => {
  const { response } = replySource();
  const body = { type: "error", error: { type, message: "no" } };
  expect(mapError({ status: null, headers: response.headers, body, text: "" })).toMatchObject({ code });
});

test("an invalid key is auth, also with status 400", () => {
  const body = { type: "error", error: { type: "invalid_request_error", message: "API key not valid." } };
  expect(mapError({ status: 400, headers: new Headers(), body, text: "" })).toEqual({ code: "auth" });
});

function detailed(error_code: string) {
  return { error: { type: "rate_limit_error", message: "no", details: { error_code } } };
}

test.each([
  ["429-concurrent-connections.json", true],
  ["429-rate-limit.json", false],
])("%s: too many calls in flight is %s", (file, expected) => {
  expect(errorOf(file).concurrencyLimited).toBe(expected);
});
