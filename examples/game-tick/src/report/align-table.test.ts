import { expect, test } from "vitest";
import { alignTable } from "./align-table.ts";

test("columns are as wide as their widest cell; numbers are right-aligned", () => {
  expect(
    alignTable(
      ["who", "n"],
      [
        ["Weights & Biases", "7"],
        ["Groq", "1,234"],
      ],
    ),
  ).toEqual(["who                   n", "Weights & Biases      7", "Groq              1,234"]);
});

test("a missing cell is blank, and lines have no trailing spaces", () => {
  expect(alignTable(["a", "bb"], [["x"]])).toEqual(["a  bb", "x"]);
});
