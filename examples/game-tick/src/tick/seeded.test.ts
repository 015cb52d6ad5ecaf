import { expect, test } from "vitest";
import { draw, hash } from "./seeded.ts";

const letters = [..."abcdefghijklmnopqrstuvwxyz"];

test("the same seed and purpose draw the same entries, different ones draw different entries", () => {
  expect(draw(letters, 8, 1, "posts")).toEqual(draw(letters, 8, 1, "posts"));
  expect(draw(letters, 8, 2, "posts")).not.toEqual(draw(letters, 8, 1, "posts"));
  expect(draw(letters, 8, 1, "agents")).not.toEqual(draw(letters, 8, 1, "posts"));
});

test("no entry is drawn twice, and at most the whole list is drawn", () => {
  expect(new Set(draw(letters, 20, 3, "x")).size).toBe(20);
  expect(draw(letters, 99, 3, "x").sort()).toEqual(letters);
  expect(draw(letters, 0, 3, "x")).toEqual([]);
});

test("every entry comes first about equally often", () => {
  const first = new Map<string | undefined, number>();
  for (let seed = 0; seed < 2600; seed += 1) {
    const [letter] = draw(letters, 1, seed, "x");
    first.set(letter, (first.get(letter) ?? 0) + 1);
  }
  expect(Math.min(...first.values())).toBeGreaterThan(50);
  expect(Math.max(...first.values())).toBeLessThan(160);
});

test("a hash is an integer below 2^32", () => {
  for (const text of ["", "a", "tick-1", "ü".repeat(1000)]) {
    expect(Number.isInteger(hash(text)) && hash(text) >= 0 && hash(text) < 2 ** 32).toBe(true);
  }
});
