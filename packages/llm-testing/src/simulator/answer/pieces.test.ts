import fc from "fast-check";
import { expect, it } from "vitest";
import { piecesOf } from "./pieces.ts";

it.each([
  ["nothing", "", 0, 0],
  ["one character", "x", 1, 1],
  ["a short text", "twelve chars", 6, 12],
  ["some sentences", "word ".repeat(60), 12, 13],
  ["a very long text", "word ".repeat(10_000), 40, 48],
  ["characters of two units", "👩‍🚀".repeat(20), 6, 20],
])("%s", (_, text, least, most) => {
  const pieces = piecesOf(text);
  expect(pieces.join("")).toBe(text);
  expect(pieces.length).toBeGreaterThanOrEqual(least);
  expect(pieces.length).toBeLessThanOrEqual(most);
  for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
});

it("joins to the whole text, and splits no character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      const pieces = piecesOf(text);
      return pieces.join("") === text && pieces.every((piece) => piece.isWellFormed());
    }),
  );
});
