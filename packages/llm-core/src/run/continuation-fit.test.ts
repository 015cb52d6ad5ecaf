import { describe, expect, it } from "vitest";
import { isLLMError } from "../errors/llm-error.ts";
import { createContinuationFit } from "./continuation-fit.ts";

const piecesOf = (text: string, size: number): string[] => text.match(new RegExp(`.{1,${size}}`, "gs")) ?? [];

/** What is shown of a continuation that comes in pieces of a size; `null`: it was refused as a second start. */
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

describe.each([1, 2, 7, 1_000])("in pieces of %i", (size) => {
  it.each<[string, string, string, string | null]>([
    ["a continuation", story, "It stood alone.", "It stood alone."],
    ["with the blank again", story, " It stood alone.", "It stood alone."],
    ["that begins with the same words, and goes on otherwise", story, "Once it stood alone.", "Once it stood alone."],
    ["that ends within the words that the text begins with", story, "Once upon", "Once upon"],
    ["the whole text again, and more", story, `${story}It stood alone.`, null],
    ["the whole text again", story, story, null],
    ["the same beginning, told otherwise", story, "Once upon a time there was no lighthouse.", null],
    ["after blanks of its own", story, `\n\n${story}It stood`, null],
    ["a text that began with blanks", `\n ${story}`, `${story}It stood`, null],
    ["a short text again, and more", "one two", "one two three", null],
    ["a text too short to say", "no ", "no, no", "no, no"],
    [
      "a text that repeats its own beginning",
      "0, 0, 0, 0, 0, 0, 0, 0, 0,\n",
      "0, 0, 0, 0, 0, 0, 0, 0, 0",
      "0, 0, 0, 0, 0, 0, 0, 0, 0",
    ],
    ["the last words again, which may be meant", "Row, row, row your boat", "row your boat", "row your boat"],
    ["nothing", story, "", ""],
    ["blanks alone, of which one was there", story, " \n", "\n"],
    ["pairs of surrogates", "🦀🦀 and 🐙, one two three four ", "🦀🐙", "🦀🐙"],
  ])("%s", (_, before, after, shown) => {
    expect(fit(before, after, size)).toBe(shown);
  });
});

it("says nothing about what comes after the beginning", () => {
  const fitted = createContinuationFit(story);
  expect(fitted.take("Then, ")).toBe("Then, ");
  expect(fitted.take(story)).toBe(story);
});
