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

test("too many calls in flight is told from too many in a time", () => {
  expect(verdictOf(429, withCode("rate_limit_exceeded", "Concurrency limit reached for requests"))).toEqual({
    code: "rate_limit",
    concurrencyLimited: true,
  });
  expect(verdictOf(429, withCode("rate_limit_exceeded", "Rate limit reached"))).toEqual({
    code: "rate_limit",
    concurrencyLimited: false,
  });
});
