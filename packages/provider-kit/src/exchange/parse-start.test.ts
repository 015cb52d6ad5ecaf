import fc from "fast-check";
import { expect, test } from "vitest";
import { parseStart } from "./parse-start.ts";

test.each<[string, string, unknown]>([
  ["a whole value", '{"a":[1]}', { a: [1] }],
  ["a truncated message", '{"error":{"code":"x","message":"too lo', { error: { code: "x", message: "too lo" } }],
  ["a truncated escape", '{"a":"b\\', { a: "b" }],
  ["a truncated character", '{"a":"b\\u00e', { a: "b" }],
  ["a complete backslash", '{"a":"b\\\\', { a: "b\\" }],
  ["a name without a value", '{"a":"b","na', { a: "b" }],
  ["a name and its colon", '{"a":"b","name":', { a: "b" }],
  ["a truncated word", '{"a":"b","c":nul', { a: "b" }],
  ["commas and brackets inside a text", '{"a":"x,{[","b":', { a: "x,{[" }],
  ["a value that was closed after the last comma", '{"a":{"b":[1,2]},"c":tr', { a: { b: [1, 2] } }],
  ["an array", '[{"type":"x","msg":"y', [{ type: "x", msg: "y" }]],
  ["nothing", "", undefined],
  ["an HTML page", "<html><body>{", undefined],
  ["a text", '"abc', undefined],
  ["JSON with an error before its end", '{"a":b c,"d":1', undefined],
])("%s", (_, text, expected) => {
  expect(parseStart(text)).toEqual(expected);
});

test("parses any truncated object that contains its first member", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.json(), fc.nat(), (first, rest, at) => {
      const head = `{"first":${JSON.stringify(first)}`;
      const text = `${head},"rest":${rest}}`;
      expect(parseStart(text.slice(0, head.length + (at % (text.length - head.length))))).toMatchObject({ first });
    }),
  );
});
