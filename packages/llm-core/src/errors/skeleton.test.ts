import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BREAK, replaceMarked, skeletonOf, toSkeleton } from "./skeleton.ts";

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
])("%j is %s", (text, expected) => {
  expect(skeletonOf(text)).toBe(expected);
});

it("a long and a short text have the same skeleton", () => {
  fc.assert(
    fc.property(pieces, (text) => {
      expect(toSkeleton(text).text).toBe(skeletonOf(text));
    }),
    { numRuns: 1_000 },
  );
});

it("knows where each unit stood", () => {
  fc.assert(
    fc.property(pieces, (text) => {
      const { text: letters, starts, ends, breaks } = toSkeleton(text);
      expect([starts.length, ends.length, breaks.length]).toEqual([letters.length, letters.length, letters.length + 1]);
      for (const [unit, start] of starts.entries()) {
        const end = ends[unit] ?? 0;
        expect(start < end && end <= text.length && start >= (starts[unit - 1] ?? 0)).toBe(true);
      }
      expect(replaceMarked(text, toSkeleton(text), new Uint8Array(letters.length), "x")).toBe(text);
    }),
  );
});

describe("breaks", () => {
  it.each([
    ["ab", [BREAK.word, BREAK.none, BREAK.phrase]],
    ["a-b", [BREAK.word, BREAK.word, BREAK.phrase]],
    ["a b", [BREAK.word, BREAK.token, BREAK.phrase]],
    ["a: b", [BREAK.word, BREAK.phrase, BREAK.phrase]],
    ['\\"a\\"', [BREAK.phrase, BREAK.phrase]],
    ["&quot;a", [BREAK.phrase, BREAK.phrase]],
    ["a\u200bb", [BREAK.word, BREAK.none, BREAK.phrase]],
    ["[prompt]a", [BREAK.phrase, BREAK.phrase, BREAK.phrase]],
  ])("of %j", (text, expected) => {
    expect(toSkeleton(text).breaks).toEqual(expected);
  });
});
