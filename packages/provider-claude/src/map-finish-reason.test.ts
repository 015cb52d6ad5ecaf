import { expect, test } from "vitest";
import { mapFinishReason } from "./map-finish-reason.ts";

test.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool-calls"],
  ["refusal", "content-filter"],
  ["pause_turn", "other"],
  ["something_new", "other"],
  ["constructor", "other"],
  [null, "other"],
])("%s is %s", (stopReason, expected) => {
  expect(mapFinishReason(stopReason)).toBe(expected);
});
