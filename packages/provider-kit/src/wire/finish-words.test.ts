import { expect, it } from "vitest";
import { finishWord } from "./finish-words.ts";

it.each([
  ["end_turn", "stop"],
  ["STOP", "stop"],
  ["</s>", null],
  ["MAX_TOKENS", "length"],
  ["model_context_window_exceeded", "length"],
  ["toolUse", "tool-calls"],
  ["tool_calls", "tool-calls"],
  ["Refusal", "content-filter"],
  ["guardrail_intervened", "content-filter"],
  ["network_error", null],
  ["", null],
])("%s means %s", (word, reason) => {
  expect(finishWord(word)).toBe(reason);
});
