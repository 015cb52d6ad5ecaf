import fc from "fast-check";
import { jsonrepair } from "jsonrepair";
import { describe, expect, it } from "vitest";
import { repairJson } from "./repair-json.ts";

const orNothing = (read: () => unknown): unknown => {
  try {
    return { value: read() };
  } catch {
    return "nothing";
  }
};

const PIECES = ['"', "'", ",", ":", "}", "]", "{", "[", "\\", " ", "\n", "//c\n", "/*c*/", "...", "\u201c", "True"];
const WORDS = [
  "it's",
  'say "hi"',
  "a, b",
  "x: y",
  "é😀",
  "line\nbreak",
  "http://a.b/c?d=e",
  "{x}",
  "[1]",
  "a\\b",
  " pad ",
  "5",
];

/** JSON with a few mistakes in it. */
const sloppy = fc
  .record({
    value: fc.object({
      key: fc.constantFrom("a", "b", "a b"),
      values: [fc.constantFrom(...WORDS), fc.integer(), fc.constant(null)],
    }),
    indent: fc.constantFrom(0, 1),
    quotes: fc.constantFrom('"', "'", '\\"'),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.integer({ min: 0, max: 2 }),
        add: fc.constantFrom("", ...PIECES),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ value, indent, quotes, edits }) => {
    let text = JSON.stringify(value, null, indent).replaceAll('"', quotes);
    for (const { at, cut, add } of edits) {
      const place = 1 + Math.floor(at * (text.length - 1));
      text = text.slice(0, place) + add + text.slice(place + cut);
    }
    return text;
  });

describe("repairJson", () => {
  it("makes of JSON with mistakes what jsonrepair makes of it", { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(sloppy, (text) => {
        const expected = orNothing(() => JSON.parse(jsonrepair(text)));
        // What it makes is not always JSON: nothing can be held against that. Nor is a text repaired that ends inside an escape.
        fc.pre(expected !== "nothing" && !text.endsWith("\\"));
        expect(orNothing(() => repairJson(text))).toEqual(expected);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ["{'a': 'b', c: True, d: None,}", { a: "b", c: true, d: null }],
    ['{"a" "b", "c": .5, "d": 007}', { a: "b", c: 0.5, d: "007" }],
    ['[1, 2, ... , "x" + "y"]', [1, 2, "xy"]],
    ['{"__proto__": 1}', JSON.parse('{"__proto__": 1}')],
    ["[&quot;a &amp; b&quot;]", ["a & b"]],
    ['[a, NumberLong("2")]', ["a", "2"]],
    ["[/* one */ 1 // and two\n, 2]", [1, 2]],
  ])("reads %s", (text, expected) => {
    expect(repairJson(text)).toEqual(expected);
  });

  it("fails on text nested too deep, without a stack overflow", () => {
    expect(() => repairJson(`${"[".repeat(100_000)}'`)).toThrow(SyntaxError);
  });
});
