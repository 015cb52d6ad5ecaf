import { describe, expect, test } from "vitest";
import { addName, formatNames, parseNames, suggestNames } from "./name-list.ts";

test.each<[string, readonly string[]]>([
  ["", []],
  [" , \n ", []],
  ["npc-1, npc-2,", ["npc-1", "npc-2"]],
  ["npc-1\nnpc-2\n\nnpc-1", ["npc-1", "npc-2"]],
  ["the mayor, his wife\nnpc-3", ["the mayor", "his wife", "npc-3"]],
  ['"a, b"\nc', ["a, b", "c"]],
  ['"open, b', ['"open', "b"]],
])("the names in %j are %j", (text, names) => {
  expect(parseNames(text)).toEqual(names);
});

test.each([[[]], [["a"]], [["a", "b c"]], [["a,b", "c"]], [[" a "]], [['"a"', "b"]], [['say "x"']]])(
  "the names %j are the same after they were shown",
  (names) => {
    expect(parseNames(formatNames(names))).toEqual(names);
  },
);

describe("suggestions", () => {
  const known = ["npc-1", "npc-10", "mayor"];
  test.each<[string, readonly string[]]>([
    ["", known],
    ["npc-1, ", ["npc-10", "mayor"]],
    ["npc-1, MAY", ["mayor"]],
    ["npc-1", ["npc-10", "mayor"]],
    ["zzz", []],
  ])("for %j are %j", (text, names) => {
    expect(suggestNames(text, known)).toEqual(names);
  });

  test.each([
    ["", "npc-1"],
    ["mayor", "mayor, npc-1"],
    ["mayor, ", "mayor, npc-1"],
    ["mayor, np", "mayor, npc-1"],
    ["mayor\nother", "mayor, other, npc-1"],
  ])("after %j one is added: %j", (text, added) => {
    expect(addName(text, "npc-1", known)).toBe(added);
  });
});
