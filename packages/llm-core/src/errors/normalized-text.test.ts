import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BOUNDARY, normalizeText, normalizeWithOffsets, replaceMarked } from "./normalized-text.ts";

const pieces = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\\",
        "\\\\n",
        "\\u0041",
        "&",
        "amp;",
        "&quot;",
        "%",
        "25",
        "%41",
        "%c3%9f",
        "&#x3c;",
        "Größe",
        "ŉ",
        "ß",
        "İ",
        "ﬀ",
      ),
    ),
  )
  .map((all) => all.join(""));

it.each([
  ['Say "hello"', "SAYHELLO"],
  ['say\\\\\\"hello\\\\n', "SAYHELLO"],
  ["S\\u0061y%20hello", "SAYHELLO"],
  ["&lt;say&gt; h&eacute;llo", "SAYHELLO"],
  ["&amp;amp;lt;b", "B"],
  ["%2541", "A"],
  ["Straße", "STRASSE"],
  ["ｆｕｌｌ", "FULL"],
  ["&unknown;", "UNKNOWN"],
])("%j is normalized to %s", (text, expected) => {
  expect(normalizeText(text)).toBe(expected);
});

it("a long and a short text have the same normalized text", () => {
  fc.assert(
    fc.property(pieces, (text) => {
      expect(normalizeWithOffsets(text).text).toBe(normalizeText(text));
    }),
    { numRuns: 1_000 },
  );
});

it("gives the offsets of each unit", () => {
  fc.assert(
    fc.property(pieces, (text) => {
      const { text: letters, starts, ends, boundaries } = normalizeWithOffsets(text);
      expect([starts.length, ends.length, boundaries.length]).toEqual([
        letters.length,
        letters.length,
        letters.length + 1,
      ]);
      for (const [unit, start] of starts.entries()) {
        const end = ends[unit] ?? 0;
        expect(start < end && end <= text.length && start >= (starts[unit - 1] ?? 0)).toBe(true);
      }
      expect(replaceMarked(text, normalizeWithOffsets(text), new Uint8Array(letters.length), "x")).toBe(text);
    }),
  );
});

describe("boundaries", () => {
  it.each([
    ["ab", [BOUNDARY.word, BOUNDARY.none, BOUNDARY.phrase]],
    ["a-b", [BOUNDARY.word, BOUNDARY.word, BOUNDARY.phrase]],
    ["a b", [BOUNDARY.word, BOUNDARY.token, BOUNDARY.phrase]],
    ["a: b", [BOUNDARY.word, BOUNDARY.phrase, BOUNDARY.phrase]],
    ['\\"a\\"', [BOUNDARY.phrase, BOUNDARY.phrase]],
    ["&quot;a", [BOUNDARY.phrase, BOUNDARY.phrase]],
    ["a\u200bb", [BOUNDARY.word, BOUNDARY.none, BOUNDARY.phrase]],
    ["[prompt]a", [BOUNDARY.phrase, BOUNDARY.phrase, BOUNDARY.phrase]],
  ])("of %j", (text, expected) => {
    expect(normalizeWithOffsets(text).boundaries).toEqual(expected);
  });
});
