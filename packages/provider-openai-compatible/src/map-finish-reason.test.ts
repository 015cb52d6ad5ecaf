import { expect, test } from "vitest";
import { isGivenUp, mapFinishReason } from "./map-finish-reason.ts";

test.each<[string | null, boolean, boolean, string]>([
  ["stop", false, false, "stop"],
  ["length", false, false, "length"],
  ["tool_calls", true, false, "tool-calls"],
  ["stop", true, false, "tool-calls"],
  [null, true, false, "tool-calls"],
  [null, false, false, "stop"],
  ["length", true, false, "length"],
  ["content_filter", false, false, "content-filter"],
  ["stop", false, true, "content-filter"],
  ["function_call", false, false, "other"],
  ["toString", false, false, "other"],
  ["eos", false, false, "other"],
])("%s with tool calls %s, refusal %s: %s", (reason, toolCalls, refusal, expected) => {
  expect(mapFinishReason(reason, { toolCalls, refusal })).toBe(expected);
});

test("an answer that the server gave up on", () => {
  expect(["abort", "error", "stop", null].map(isGivenUp)).toEqual([true, true, false, false]);
});
