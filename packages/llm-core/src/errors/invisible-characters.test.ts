import { expect, it } from "vitest";
import { escapeInvisible, NO_INVISIBLE_CHARACTERS } from "./invisible-characters.ts";
import { invalidInput, LLMError } from "./llm-error.ts";

it.each([
  ["abc\u202etxt", "abc\\u202etxt"],
  ["a\u200bb\u2060c\ufeff", "a\\u200bb\\u2060c\\ufeff"],
  ["a\u2028b\u2029c\u0085d", "a\\u2028b\\u2029c\\u0085d"],
  ["a\u2066b\u061cc", "a\\u2066b\\u061cc"],
  ["a\u0000b\u001b[2Jc\rd", "a\\u0000b\\u001b[2Jc\\u000dd"],
  ["tag \u{e0041}", "tag \\u{e0041}"],
  ["half \ud83d", "half \\ud83d"],
])("%j is escaped to %s", (text, escaped) => {
  expect(NO_INVISIBLE_CHARACTERS.test(text)).toBe(false);
  expect(escapeInvisible(text)).toBe(escaped);
  expect(new LLMError({ code: "server", message: text }).message).toBe(escaped);
  expect(invalidInput(`agents[${text}]`, "x")).toMatchObject({ path: `agents[${escaped}]` });
});

it.each(["", "plain", "größe 漢字 🎲 é", "two\nlines\tand a tab"])("%j is unchanged", (text) => {
  expect(escapeInvisible(text)).toBe(text);
});

it("escapes line feeds and tabs where the text has to stay in one line", () => {
  expect(escapeInvisible("two\nlines\tand \u202e", "")).toBe("two\\u000alines\\u0009and \\u202e");
});
