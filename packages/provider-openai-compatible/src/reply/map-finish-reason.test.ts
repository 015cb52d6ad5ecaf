import { expect, test } from "vitest";
import { mapFinishReason, readFinish } from "./map-finish-reason.ts";

test.each<[string | null, boolean, boolean, string]>([
  ["stop", false, false, "stop"],
  ["STOP", false, false, "stop"],
  ["length", false, false, "length"],
  ["MAX_TOKENS", false, false, "length"],
  ["tool_calls", true, false, "tool-calls"],
  ["function_call", true, false, "tool-calls"],
  ["stop", true, false, "tool-calls"],
  ["end_turn", true, false, "tool-calls"],
  [null, true, false, "tool-calls"],
  [null, false, false, "stop"],
  ["length", true, false, "length"],
  ["content_filter", false, false, "content-filter"],
  ["SAFETY", false, false, "content-filter"],
  ["stop", false, true, "content-filter"],
  ["eos", false, false, "stop"],
  ["toString", false, false, "other"],
  ["odd_new_reason", true, false, "other"],
])("%s with tool calls %s, refusal %s: %s", (reason, toolCalls, refusal, expected) => {
  expect(mapFinishReason(reason, { toolCalls, refusal })).toBe(expected);
});

test.each([
  ["stop", { type: "whole", reason: "stop" }],
  ["abort", { type: "failed", failure: "truncated" }],
  ["Insufficient_System_Resource", { type: "failed", failure: "overloaded" }],
  ["malformed_function_call", { type: "failed", failure: "invalid_response" }],
  ["constructor", { type: "unknown" }],
  ["OTHER", { type: "unknown" }],
])("%s is read as %o", (reason, finish) => {
  expect(readFinish(reason)).toEqual(finish);
});
