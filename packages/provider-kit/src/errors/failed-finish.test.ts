import { expect, test } from "vitest";
import { failedFinish } from "./failed-finish.ts";

test.each([
  ["insufficient_system_resource", "overloaded"],
  ["overloaded", "overloaded"],
  ["Server Overloaded", "overloaded"],
  ["RESOURCE_EXHAUSTED", "overloaded"],
  ["rate-limited", "overloaded"],
  ["malformed_function_call", "invalid_response"],
  ["MALFORMED_FUNCTION_CALL", "invalid_response"],
  ["UNEXPECTED_TOOL_CALL", "invalid_response"],
  ["network_error", "truncated"],
  ["networkError", "truncated"],
  ["NETWORK ERROR", "truncated"],
  ["cancelled", "truncated"],
  ["canceled", "truncated"],
  ["failed", "truncated"],
  ["Failure", "truncated"],
  ["timeout", "truncated"],
  ["timed_out", "truncated"],
  ["time-out", "truncated"],
  ["abort", "truncated"],
  ["error", "truncated"],
  ["interrupted", "truncated"],
])("%s is a failure: %s", (reason, failure) => {
  expect(failedFinish(reason)).toBe(failure);
});

test.each(["stop", "length", "odd_new_reason", "pause_turn", "FINISH_REASON_UNSPECIFIED", "", "原因"])(
  "%s is not a failure",
  (reason) => {
    expect(failedFinish(reason)).toBeNull();
  },
);

test("reads only the start of a long reason", () => {
  expect(failedFinish(`${"x".repeat(1e6)}error`)).toBeNull();
});
