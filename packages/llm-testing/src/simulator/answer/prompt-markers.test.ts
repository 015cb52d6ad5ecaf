import { expect, it } from "vitest";
import { readMarkers } from "./prompt-markers.ts";

const none = { schema: null, ids: null, count: null };

it.each([
  ["no marker", "Write a post.", none],
  ["a marker inside a line", 'See JSON schema: {"a":1}', none],
  ["a schema at the start", 'JSON schema: {"a":1}\nmore', { ...none, schema: { a: 1 } }],
  ["the last schema of two", 'JSON schema: {"a":1}\nJSON schema: {"b":2}', { ...none, schema: { b: 2 } }],
  ["a schema that is not JSON", "JSON schema: {a}", none],
  ["a schema that is not an object", "JSON schema: [1]", none],
  ["ids and a count", 'x\nExpected ids: ["a",2,null]\nExpected count: 3', { ...none, ids: ["a", 2], count: 3 }],
  ["a count that is none", "Expected count: many", none],
])("%s", (_, prompt, expected) => {
  expect(readMarkers(prompt)).toEqual(expected);
});
