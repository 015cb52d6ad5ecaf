import fc from "fast-check";
import { expect, it } from "vitest";
import { findSubstrings, markCommonSubstrings } from "./find-substrings.ts";

const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 40 });

it("finds the same substrings as String.includes", () => {
  fc.assert(
    fc.property(fc.array(letters), fc.array(letters), fc.integer({ min: 1, max: 6 }), (texts, sources, length) => {
      // Of up to three lengths.
      const runs = new Set(texts.map((text, index) => text.slice(0, length + (index % 3))).filter((run) => run !== ""));
      const expected = [...runs].filter((run) => sources.some((source) => source.includes(run)));
      expect([...findSubstrings(runs, sources)].toSorted()).toEqual(expected.toSorted());
    }),
  );
});

it("marks common substrings, whichever side is longer", () => {
  fc.assert(
    fc.property(letters, fc.array(letters), fc.integer({ min: 1, max: 6 }), (text, sources, length) => {
      const expected = new Uint8Array(text.length);
      for (let at = 0; at + length <= text.length; at += 1) {
        const run = text.slice(at, at + length);
        if (sources.some((source) => source.includes(run))) expected.fill(1, at, at + length);
      }
      const marks = new Uint8Array(text.length);
      markCommonSubstrings(text, sources, length, marks);
      expect(marks).toEqual(expected);
    }),
  );
});
