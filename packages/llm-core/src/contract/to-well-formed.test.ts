import { expect, it } from "vitest";
import { toWellFormed } from "./to-well-formed.ts";

const HALF = "Nice post \u{1F600}".slice(0, 11);
const CLEAN = "Nice post \uFFFD";

it.each([
  ["a string", HALF, CLEAN],
  ["a lone low surrogate", "\uDE00!", "\uFFFD!"],
  ["members and their names", { [HALF]: [1, HALF, null], b: true }, { [CLEAN]: [1, CLEAN, null], b: true }],
  ["deep inside", { a: [{ b: { c: [HALF] } }] }, { a: [{ b: { c: [CLEAN] } }] }],
  ["an object without a prototype", Object.assign(Object.create(null), { a: HALF }), { a: CLEAN }],
  ["an object with toJSON", { a: { toJSON: () => HALF } }, { a: CLEAN }],
  ["a member of the name __proto__", JSON.parse('{"__proto__":"\\ud83d"}'), JSON.parse('{"__proto__":"\uFFFD"}')],
])("makes %s well-formed", (_, value, expected) => {
  expect(JSON.stringify(toWellFormed(value))).toBe(JSON.stringify(expected));
});

it("returns the same value if nothing has to be changed", () => {
  const value = { a: ["\u{1F600}", 1, null, undefined], b: { c: "x".repeat(1_000) } };
  expect(toWellFormed(value)).toBe(value);
});

it("does not change its argument", () => {
  const value = { a: [HALF] };
  toWellFormed(value);
  expect(value).toEqual({ a: [HALF] });
});
