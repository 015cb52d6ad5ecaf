import { expect, it } from "vitest";
import { findNumber, inexactNumbers } from "./inexact-numbers.ts";

it.each([
  ['{"id":9007199254740993}', ["id"]],
  ['{"a":[{"b":-9007199254740993}]}', ["a", 0, "b"]],
  ["123456789012345678901234567890", []],
  [`[1,${"9".repeat(5_000)}]`, [1]],
  ['{"id":9007199254740992}', null],
  ['{"id":9007199254740991}', null],
  ['{"id":"9007199254740993"}', null],
  ['{"id":1e300,"x":1.2345678901234567890}', null],
  ["{}", null],
])("%s: %j", (text, path) => {
  expect(findNumber(JSON.parse(text), inexactNumbers(text))).toEqual(path);
});
