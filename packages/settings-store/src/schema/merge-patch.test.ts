import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyMergePatch, diffMergePatch, isEqual } from "./merge-patch.ts";

/** The examples of RFC 7396, appendix A. */
const RFC: readonly [target: unknown, patch: unknown, result: unknown][] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

test.each(RFC)("%j with %j is %j", (target, patch, result) => {
  expect(applyMergePatch(target, patch)).toEqual(result);
});

test("undefined members are ignored", () => {
  expect(applyMergePatch({ a: 1, b: { c: 2 } }, { a: undefined, b: { c: undefined } })).toEqual({ a: 1, b: { c: 2 } });
});

test("a key named __proto__ becomes an own member and reaches no prototype", () => {
  const merged = applyMergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
  expect(Object.keys(Object(merged))).toEqual(["__proto__"]);
  expect(Reflect.get({}, "polluted")).toBeUndefined();
});

describe("the difference of two objects", () => {
  /** JSON without null members, like settings. */
  const json = fc.letrec<{ value: unknown; object: object }>((tie) => ({
    value: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()), tie("object")),
    object: fc.dictionary(fc.stringMatching(/^[a-c]$/), tie("value"), { maxKeys: 3 }),
  })).object;

  test("transforms one into the other, and back", () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        expect(applyMergePatch(from, diffMergePatch(from, to))).toEqual(to);
        expect(applyMergePatch(to, diffMergePatch(to, from))).toEqual(from);
      }),
    );
  });

  test("handles members with the names of inherited properties", () => {
    expect(diffMergePatch({ toString: { a: 1 } }, {})).toEqual({ toString: null });
    expect(diffMergePatch({}, { valueOf: { a: 1 } })).toEqual({ valueOf: { a: 1 } });
  });

  test("is empty exactly when they are equal", () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        expect(isEqual(from, to)).toBe(Object.keys(diffMergePatch(from, to)).length === 0);
        expect(isEqual(from, structuredClone(from))).toBe(true);
      }),
    );
  });
});
