import { expect, test } from "vitest";
import { hidePrompt } from "./hide-prompt.ts";

const PROMPT = "Write a letter from the mayor of Babylon to the merchants of the harbour.";

test.each([
  ["Bad input: Write a letter from the mayor of Babylon to the merchants", "Bad input: [prompt]"],
  ["'mayor of Babylon to the merchants' is not allowed here", "'[prompt]' is not allowed here"],
  ["of Babylon to the merchants of the harbour. | of Babylon to the merchants of the harbour.", "[prompt] | [prompt]"],
  ["too long: the mayor of Babylon", "too long: the mayor of Babylon"],
  ["This model's maximum context length is 128000 tokens.", "This model's maximum context length is 128000 tokens."],
  ["You said: hello harbour", "You said: [prompt]"],
  ["", ""],
])("%s", (text, expected) => {
  expect(hidePrompt(text, ["short", "hello harbour ", PROMPT])).toBe(expected);
});

test("takes the longest of several quotations", () => {
  expect(hidePrompt(`${PROMPT} Thanks.`, [PROMPT.slice(0, 30), `${PROMPT} Thanks.`])).toBe("[prompt]");
});
