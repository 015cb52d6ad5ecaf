import type { JsonObject } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { parseJSON } from "../read-field.ts";
import { collectMembers } from "./collect-members.ts";

test.each<[string, readonly string[], string]>([
  ["the latest value", ['{"a":1}', '{"a":2}'], '{"a":2}'],
  ["objects member by member", ['{"a":{"b":1}}', '{"a":{"c":2}}', '{"a":{"b":3}}'], '{"a":{"b":3,"c":2}}'],
  ["an object in the place of a value, and back", ['{"a":1}', '{"a":{"b":1}}', '{"a":[2]}'], '{"a":[2]}'],
  [
    "names of the prototype",
    ['{"__proto__":{"a":1}}', '{"__proto__":{"constructor":2}}'],
    '{"__proto__":{"a":1,"constructor":2}}',
  ],
  [
    "numbers that are kept exactly",
    ['{"a":12345678901234567891}', '{"a":12345678901234567893}'],
    '{"a":12345678901234567893}',
  ],
])("%s", (_, pieces, expected) => {
  const { members, add } = collectMembers();
  for (const piece of pieces) add(parse(piece));
  expect(JSON.stringify(members)).toBe(expected);
});

test("does not change a piece", () => {
  const { add } = collectMembers();
  const pieces = ['{"a":{"b":1}}', '{"a":{"b":2}}'].map(parse);
  for (const piece of pieces) add(piece);
  expect(pieces).toEqual([{ a: { b: 1 } }, { a: { b: 2 } }]);
});

test("begins with the members of an object, and does not change it", () => {
  const first = Object.freeze({ a: Object.freeze({ b: 1 }) });
  const { members, add } = collectMembers(first);
  add(Object.freeze({ a: Object.freeze({ c: 2 }) }));
  expect(members).toEqual({ a: { b: 1, c: 2 } });
  expect(first).toEqual({ a: { b: 1 } });
});

test("a nested object is copied once at most", () => {
  const { members, add } = collectMembers();
  add({ a: { b: 1 } });
  add({ a: { c: 1 } });
  const copy = members.a;
  add({ a: { d: 1 } });
  expect(members.a).toBe(copy);
});

test("objects may be nested deeper than the call stack", () => {
  const { members, add } = collectMembers();
  const text = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
  add(parse(text));
  add(parse(text));
  expect(Object.keys(members)).toEqual(["a"]);
});

function parse(text: string): JsonObject {
  const value = parseJSON(text);
  return isObject(value) ? value : {};
}

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null;
