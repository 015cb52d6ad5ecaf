import { expect, test } from "vitest";
import { failureOf, mapFinishReason } from "./map-finish-reason.ts";

test.each([
  ["end_turn", "stop"],
  ["End_Turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool-calls"],
  ["refusal", "content-filter"],
  ["pause_turn", "other"],
  ["something_new", null],
  ["constructor", null],
])("%s is %s and not a failure", (stopReason, expected) => {
  expect([mapFinishReason(stopReason), failureOf(stopReason)]).toEqual([expected, null]);
});

test.each([
  ["overloaded", "overloaded"],
  ["Network_Error", "truncated"],
  ["malformed_function_call", "invalid_response"],
])("%s is a failure: %s", (stopReason, expected) => {
  expect([mapFinishReason(stopReason), failureOf(stopReason)]).toEqual([null, expected]);
});
