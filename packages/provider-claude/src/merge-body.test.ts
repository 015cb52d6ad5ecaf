import { expect, test } from "vitest";
import { mergeBody } from "./merge-body.ts";

test.each([
  { name: "nothing of one's own", body: { a: 1 }, own: undefined, expected: { a: 1 } },
  { name: "a new field", body: { a: 1 }, own: { b: 2 }, expected: { a: 1, b: 2 } },
  {
    name: "objects field by field",
    body: { a: { b: 1, c: 2 } },
    own: { a: { c: 3 } },
    expected: { a: { b: 1, c: 3 } },
  },
  { name: "arrays replaced", body: { a: [1, 2] }, own: { a: [3] }, expected: { a: [3] } },
  { name: "an object over a value", body: { a: 1 }, own: { a: { b: 2 } }, expected: { a: { b: 2 } } },
  { name: "null as a value", body: { a: { b: 1 } }, own: { a: null }, expected: { a: null } },
])("$name", ({ body, own, expected }) => {
  expect(mergeBody(body, own)).toEqual(expected);
});

test("does not touch what it merges, nor the prototype", () => {
  const body = { a: { b: 1 } };
  const merged = mergeBody(body, JSON.parse('{"a":{"c":2},"__proto__":{"polluted":true}}'));
  expect(body).toEqual({ a: { b: 1 } });
  expect("polluted" in merged).toBe(false);
  expect("polluted" in {}).toBe(false);
});
