import { expect, test } from "vitest";
import { hidePrompt } from "./hide-prompt.ts";

const PROMPT = "Write a letter from the mayor of Babylon to the merchants of the harbour.";

test.each([
  ["Bad input: Write a letter from the mayor of Babylon to the merchants", "Bad input: [prompt]"],
  ["'mayor of Babylon to the merchants' is not allowed here", "'[prompt]' is not allowed here"],
  ["of Babylon to the merchants of the harbour. | of Babylon to the merchants of the harbour.", "[prompt]."],
  ["too long: the mayor of Babylon", "too long: [prompt]"],
  ["the mayor is not in", "the mayor is not in"],
  ["This model's maximum context length is 128000 tokens.", "This model's maximum context length is 128000 tokens."],
  ["You said: hello harbour", "You said: [prompt]"],
  ["", ""],
])("%s", (text, expected) => {
  expect(hidePrompt(text, ["short", "hello harbour ", PROMPT])).toBe(expected);
});

test("hides the longest of several quotations", () => {
  expect(hidePrompt(`${PROMPT} Thanks.`, [PROMPT.slice(0, 30), `${PROMPT} Thanks.`])).toBe("[prompt].");
});

const LINES = 'Say "harbour",\nthen "größe" and\nthen stop.';

test.each([
  ["JSON", JSON.stringify([{ role: "user", content: LINES }])],
  ["JSON in ASCII", JSON.stringify(LINES).replaceAll("ö", "\\u00f6").replaceAll("ß", "\\u00df")],
])("recognizes a text of several lines in %s", (_, quoted) => {
  const clean = hidePrompt(`cannot parse ${quoted}`, [LINES]);
  expect(clean).toMatch(/^cannot parse .*\[prompt\]/);
  expect(clean).not.toMatch(/harbour|gr.*e|stop/);
});

test("hides images in data URLs", () => {
  expect(hidePrompt('bad "data:image/png;base64,iVBORw0KGgo=" here', [])).toBe('bad "[prompt]" here');
});
