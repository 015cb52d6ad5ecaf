import { describe, expect, it } from "vitest";
import { isLLMError } from "../errors/llm-error.ts";
import { createContinuationFit } from "./continuation-fit.ts";

const piecesOf = (text: string, size: number): string[] => text.match(new RegExp(`.{1,${size}}`, "gs")) ?? [];

/** The emitted text of a continuation in chunks of a size; `null`: it was rejected as a restart. */
function fit(before: string, after: string, size: number): string | null {
  const fitted = createContinuationFit(before);
  try {
    return piecesOf(after, size).map(fitted.take).join("") + fitted.release();
  } catch (thrown) {
    if (!isLLMError(thrown, "unsupported")) throw thrown;
    return null;
  }
}

const story = "Once upon a time there was a lighthouse. ";

describe.each([1, 2, 7, 1_000])("in chunks of %i characters", (size) => {
  it.each<[string, string, string, string | null]>([
    ["a continuation", story, "It stood alone.", "It stood alone."],
    ["with the white space repeated", story, " It stood alone.", "It stood alone."],
    ["that begins with the same words and then differs", story, "Once it stood alone.", "Once it stood alone."],
    ["that ends within the first words of the text", story, "Once upon", "Once upon"],
    ["the whole text again, and more", story, `${story}It stood alone.`, null],
    ["the whole text again", story, story, null],
    ["the same beginning, then another text", story, "Once upon a time there was no lighthouse.", null],
    ["after leading white space", story, `\n\n${story}It stood`, null],
    ["a text with leading white space", `\n ${story}`, `${story}It stood`, null],
    ["a short text again, and more", "one two", "one two three", null],
    ["a text that is too short to detect a restart", "no ", "no, no", "no, no"],
    [
      "a text that repeats its own beginning",
      "0, 0, 0, 0, 0, 0, 0, 0, 0,\n",
      "0, 0, 0, 0, 0, 0, 0, 0, 0",
      "0, 0, 0, 0, 0, 0, 0, 0, 0",
    ],
    ["the last words repeated, possibly on purpose", "Row, row, row your boat", "row your boat", "row your boat"],
    ["nothing", story, "", ""],
    ["only white space, partly repeated", story, " \n", "\n"],
    ["surrogate pairs", "🦀🦀 and 🐙, one two three four ", "🦀🐙", "🦀🐙"],
  ])("%s", (_, before, after, expected) => {
    expect(fit(before, after, size)).toBe(expected);
  });
});

it("does not change the text after the seam", () => {
  const fitted = createContinuationFit(story);
  expect(fitted.take("Then, ")).toBe("Then, ");
  expect(fitted.take(story)).toBe(story);
});
