import { expect, test } from "vitest";
import { parseArticle } from "./parse-article.ts";

const long = "word ".repeat(40).trim();

test.each([
  [
    "as requested",
    "Goat up four\n\nThe floor was quiet.\nThen not.",
    "Goat up four",
    "The floor was quiet.\nThen not.",
  ],
  ["marked up", "## **Goat up four**\n\nText.", "Goat up four", "Text."],
  ["labelled and quoted", 'Headline: "Goat up four"\nText.', "Goat up four", "Text."],
  ["blank lines first", "\n\n  Goat up four\nText.", "Goat up four", "Text."],
  ["one paragraph", "Goat wins again. The rest sulk.", "Goat wins again.", "Goat wins again. The rest sulk."],
  ["one line without an end", "Goat wins again", "Goat wins again", "Goat wins again"],
  ["a first line that is too long", `${long}\nText.`, `${long.slice(0, 139)}…`, `${long}\nText.`],
])("%s", (_, text, headline, body) => {
  expect(parseArticle(text)).toEqual({ headline, body });
});
