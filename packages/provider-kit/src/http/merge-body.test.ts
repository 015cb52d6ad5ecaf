import type { JsonObject } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { mergeBody } from "./merge-body.ts";

test.each<[JsonObject, JsonObject | undefined, JsonObject]>([
  [{ a: 1 }, undefined, { a: 1 }],
  [{ a: 1 }, { b: [2] }, { a: 1, b: [2] }],
  [{ a: { x: 1, y: 2 } }, { a: { y: 3 } }, { a: { x: 1, y: 3 } }],
  [{ a: [1] }, { a: [2, 3] }, { a: [2, 3] }],
  [{ a: { x: 1 } }, { a: null }, { a: null }],
  [{ a: "s" }, { a: { x: 1 } }, { a: { x: 1 } }],
])("%j with %j", (body, own, expected) => {
  const before = structuredClone(body);
  expect(mergeBody(body, own)).toEqual(expected);
  expect(body).toEqual(before);
});

test("objects that are frozen are merged as well, however deep they are", () => {
  const own = Object.freeze({ a: Object.freeze({ y: 2 }) });
  expect(mergeBody({ a: { x: 1 } }, own)).toEqual({ a: { x: 1, y: 2 } });
  const deep = (): JsonObject => JSON.parse(`${'{"a":'.repeat(50_000)}{}${"}".repeat(50_000)}`);
  expect(Object.keys(mergeBody(deep(), deep()))).toEqual(["a"]);
});

test("a field named __proto__ is an ordinary field", () => {
  const own: JsonObject = JSON.parse('{"__proto__":{"polluted":true}}');
  expect(Object.keys(mergeBody({ a: 1 }, own))).toEqual(["a", "__proto__"]);
  expect({}).not.toHaveProperty("polluted");
});
