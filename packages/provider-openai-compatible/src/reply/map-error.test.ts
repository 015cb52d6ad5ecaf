import { expect, test } from "vitest";
import { mapError } from "./map-error.ts";

const verdictOf = (status: number | null, body: unknown) =>
  mapError({ status, headers: new Headers(), body, text: JSON.stringify(body) ?? "" });

const withCode = (code: string | null, message = "x", type: string | null = "invalid_request_error") => ({
  error: { message, type, param: null, code },
});

test.each<[number | null, unknown, string | null]>([
  [429, withCode("insufficient_quota", "x", "insufficient_quota"), "quota"],
  [429, withCode("credit_balance_exhausted"), "quota"],
  [429, withCode(null, "x", "insufficient_quota"), "quota"],
  [429, { error: "You exceeded your current quota, please check your plan" }, "quota"],
  [400, withCode(null, "Your credit balance is too low"), "quota"],
  [400, withCode("context_length_exceeded"), "context_length"],
  [
    400,
    withCode(null, "This model's maximum context length is 4096 tokens. However, you requested 5000"),
    "context_length",
  ],
  [422, { detail: "prompt is longer than the maximum model length of 4096" }, "context_length"],
  [
    400,
    withCode(null, "the request exceeds the available context size", "exceed_context_size_error"),
    "context_length",
  ],
  [400, withCode("content_policy_violation"), "content_filter"],
  [400, withCode("content_filter"), "content_filter"],
  [400, withCode("invalid_prompt"), "content_filter"],
  [400, withCode("model_decommissioned"), "model_not_found"],
  [400, withCode(null, "The model `x` does not exist"), "model_not_found"],
  [404, withCode("DeploymentNotFound"), "model_not_found"],
  [400, withCode("unsupported_parameter"), "unsupported"],
  [400, withCode("unsupported_value"), "unsupported"],
  [400, withCode("json_validate_failed"), "invalid_response"],
  [400, withCode("tool_use_failed"), "invalid_response"],
  [403, withCode("unsupported_country_region_territory"), "permission"],
  [400, withCode("invalid_api_key"), "auth"],
  [400, withCode(null, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT"), "auth"],
  [
    400,
    { error: { code: 400, message: "API key expired. Please renew the API key.", status: "INVALID_ARGUMENT" } },
    "auth",
  ],
  [403, withCode(null, "Invalid API key"), "auth"],
  [400, withCode(null, "Invalid content: 'my API key is invalid'"), null],
  [500, withCode("server_is_overloaded"), "overloaded"],
  [429, withCode("slow_down"), "rate_limit"],
  [498, withCode("capacity_exceeded"), "overloaded"],
  [500, { message: "The engine is currently overloaded" }, "overloaded"],
  // Nothing known: the status decides.
  [400, withCode(null), null],
  [401, withCode(null, "Incorrect", "invalid_request_error"), null],
  [503, withCode(null, "x", "server_error"), null],
  [429, withCode(null, "Too many", "requests"), null],
  [418, undefined, null],
  [400, withCode("toString", "x", "constructor"), null],
  // No status: general words and stated statuses count.
  [null, withCode(null, "x", "server_error"), "server"],
  [null, withCode(null, "x", "requests"), "rate_limit"],
  [null, withCode(null, "x", "invalid_request_error"), "invalid_request"],
  [null, { error: { message: "x", code: 503 } }, "overloaded"],
  [null, { error: { message: "x", status: 401 } }, "auth"],
  [null, { error: { message: "x", code: 7 } }, null],
  [null, { error: "x" }, null],
  // A status as text, class names, words of other vendors.
  [null, withCode("429", "litellm.RateLimitError: no", "None"), "rate_limit"],
  [null, withCode(null, "x", "BadRequestError"), "invalid_request"],
  [null, { error: { http_code: "429", message: "insufficient balance (1008)" } }, "quota"],
  [null, { code: "Throttling.RateQuota", message: "Requests rate limit exceeded" }, "rate_limit"],
  [null, { code: 50508, message: "System is too busy now." }, "overloaded"],
  [null, { base_resp: { status_code: 1002, status_msg: "rate limit" } }, "rate_limit"],
  [null, { errors: [{ code: 400, message: "AiError" }] }, "invalid_request"],
  [null, { error: { error: { code: 401, message: "x" } } }, "auth"],
  [null, { detail: "Too many requests" }, "rate_limit"],
  // Gemini, xAI, Bedrock.
  [
    400,
    withCode(null, "The input token count (20) exceeds the maximum number of tokens allowed (10)."),
    "context_length",
  ],
  [
    400,
    { code: "x", error: "This model's maximum prompt length is 10 but the request contains 20 tokens." },
    "context_length",
  ],
  [400, { message: "Input is too long for requested model." }, "context_length"],
  // A path that is not there says nothing about the model.
  [404, withCode("unknown_url", "Unknown request URL: POST /v1/v1/chat/completions."), "invalid_response"],
  [404, withCode(null, "Invalid URL (POST /v1/v1/chat/completions)"), "invalid_response"],
  [404, { error: { code: "404", message: "Resource not found" } }, "invalid_response"],
  [404, { detail: "Not Found" }, null],
])("%s with %j is %s", (status, body, code) => {
  expect(verdictOf(status, body)?.code ?? null).toBe(code);
});

test("a request larger than the budget waits in vain", () => {
  const message = "Request too large for model `x` on tokens per minute (TPM): Limit 8000, Requested 11881";
  for (const status of [413, 429]) {
    expect(verdictOf(status, withCode("rate_limit_exceeded", message, "tokens"))).toEqual({
      code: "rate_limit",
      retryable: false,
    });
  }
});

const google = (quotaId: string, message = "You exceeded your current quota, please check your plan.") => ({
  error: { code: 429, status: "RESOURCE_EXHAUSTED", message, details: [{ violations: [{ quotaId }] }] },
});

test.each<[string, unknown, Record<string, string>, string | null]>([
  ["a quota with a wait in a header", withCode("insufficient_quota"), { "retry-after": "20" }, "rate_limit"],
  ["a quota with a wait in words", withCode("insufficient_quota", "Please retry in 38.2s."), {}, "rate_limit"],
  ["a quota without a wait", withCode("insufficient_quota"), {}, "quota"],
  ["a quota whose wait is none", withCode("insufficient_quota"), { "retry-after": "0" }, "quota"],
  ["a quota of a minute", google("GenerateRequestsPerMinutePerProjectPerModel-FreeTier"), {}, "rate_limit"],
  ["a quota of a day", google("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "Limit."), {}, "quota"],
  ["a limit of a day", withCode("rate_limit_exceeded", "Rate limit reached on tokens per day (TPD)"), {}, "quota"],
  [
    "a limit of a day with a wait",
    withCode("rate_limit_exceeded", "tokens per day (TPD): try again in 9m52s"),
    {},
    "rate_limit",
  ],
  ["a limit of a minute", withCode("rate_limit_exceeded", "Rate limit reached on tokens per minute"), {}, "rate_limit"],
])("of a 429, %s is %s", (_, body, headers, code) => {
  expect(mapError({ status: 429, headers: new Headers(headers), body, text: "" })?.code ?? null).toBe(code);
});

test.each([
  [404, { code: "invalid_response", retryable: false }],
  [429, null],
  [502, null],
])("of a page with status %i the words are not read", (status, verdict) => {
  const text = "<!doctype html><title>insufficient credits, invalid model not found</title>";
  expect(mapError({ status, headers: new Headers(), body: undefined, text })).toEqual(verdict);
});

test("distinguishes too many calls in flight from too many calls per time", () => {
  expect(verdictOf(429, withCode("rate_limit_exceeded", "Concurrency limit reached for requests"))).toEqual({
    code: "rate_limit",
    concurrencyLimited: true,
  });
  expect(verdictOf(429, withCode("rate_limit_exceeded", "Rate limit reached"))).toEqual({
    code: "rate_limit",
    concurrencyLimited: false,
  });
});
