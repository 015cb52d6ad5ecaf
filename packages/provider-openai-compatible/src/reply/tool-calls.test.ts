import { expect, test, vi } from "vitest";
import { toolCallsOf } from "./from-message.ts";
import { createToolCalls } from "./tool-calls.ts";

const named = (name: string, args: unknown, more: object = {}) => ({ function: { name, arguments: args }, ...more });
const more = (args: unknown, of: object = {}) => ({ function: { arguments: args }, ...of });

/** Name and arguments of each call that pieces add up to. */
function callsOf(chunks: readonly (readonly unknown[])[]): readonly (readonly [string, string])[] {
  const calls = createToolCalls();
  const parts = [...chunks.flatMap((chunk) => calls.take(toolCallsOf({ tool_calls: chunk }))), ...calls.end()];
  return Array.from({ length: calls.count() }, (_, index) => {
    const own = parts.filter((part) => part.index === index);
    return [own.find(({ name }) => name !== undefined)?.name ?? "", own.map(({ inputText }) => inputText).join("")];
  });
}

const X = '{"city":"X"}';
const Y = '{"city":"Y"}';
const XY = [
  ["a", X],
  ["b", Y],
];

test.each<[string, readonly (readonly unknown[])[], readonly (readonly string[])[]]>([
  ["ids and numbers", [[named("a", X, { index: 0, id: "1" })], [named("b", Y, { index: 1, id: "2" })]], XY],
  ["no number and no id, one chunk", [[named("a", X), named("b", Y)]], XY],
  [
    "no number and no id, the same name",
    [[named("a", X)], [named("a", Y)]],
    [
      ["a", X],
      ["a", Y],
    ],
  ],
  ["every number 0, ids empty", [[named("a", X, { index: 0, id: "" })], [named("b", Y, { index: 0, id: "" })]], XY],
  [
    "every number 0, no id, the same name",
    [[named("a", X, { index: 0 }), named("a", Y, { index: 0 })]],
    [
      ["a", X],
      ["a", Y],
    ],
  ],
  ["every id the same", [[named("a", X, { index: 0, id: "1" })], [named("b", Y, { index: 1, id: "1" })]], XY],
  ["every id the same, no number", [[named("a", X, { id: "1" }), named("b", Y, { id: "1" })]], XY],
  [
    "every id and name the same, no number",
    [[named("a", X, { id: "1" }), named("a", Y, { id: "1" })]],
    [
      ["a", X],
      ["a", Y],
    ],
  ],
  [
    "pieces that alternate by a number as text",
    [
      [named("a", '{"city"', { index: "0", id: "1" })],
      [named("b", '{"city"', { index: "1", id: "2" })],
      [more(':"X"}', { index: "0" })],
      [more(':"Y"}', { index: "1" })],
    ],
    XY,
  ],
  [
    "a new number for each piece, the first without arguments",
    [[named("a", "", { index: 0, id: "1" })], [more('{"city"', { index: 1 })], [more(':"X"}', { index: 2 })]],
    [["a", X]],
  ],
  ["an empty piece at the end", [[named("a", X, { index: 0, id: "1" })], [more("", { index: 1 })]], [["a", X]]],
  ["null in the list", [[null, named("a", X, { index: 0, id: "1" })]], [["a", X]]],
  [
    "pieces that alternate by number",
    [
      [named("a", "", { index: 0, id: "1" }), named("b", "", { index: 1, id: "2" })],
      [more('{"city"', { index: 0 })],
      [more('{"city"', { index: 1 })],
      [more(':"X"}', { index: 0 }), more(':"Y"}', { index: 1 })],
    ],
    XY,
  ],
  [
    "pieces that alternate by id, every number 0",
    [
      [named("a", "", { index: 0, id: "1" })],
      [named("b", "", { index: 0, id: "2" })],
      [more('{"city"', { index: 0, id: "1" })],
      [more(Y, { index: 0, id: "2" })],
      [more(':"X"}', { index: 0, id: "1" })],
    ],
    XY,
  ],
  [
    "a new id for each piece",
    [[named("a", '{"city"', { index: 0, id: "1" })], [more(':"X"}', { index: 0, id: "2" })]],
    [["a", X]],
  ],
  [
    "a new id for each piece, no number",
    [[named("a", '{"city"', { id: "1" })], [more(':"X"}', { id: "2" })]],
    [["a", X]],
  ],
  [
    "a new number for each piece",
    [[named("a", '{"city"', { index: 0, id: "1" })], [more(':"X"}', { index: 1 })]],
    [["a", X]],
  ],
  [
    "the name with each piece",
    [[named("a", '{"city"', { index: 0 })], [named("a", ':"X"}', { index: 0 })]],
    [["a", X]],
  ],
  [
    "`{}` before the arguments",
    [[named("a", "{}", { index: 0, id: "1" })], [more('{"city"', { index: 0 })], [more(':"X"}', { index: 0 })]],
    [["a", X]],
  ],
  [
    "an empty object before the arguments",
    [[named("a", {}, { index: 0, id: "1" })], [more(X, { index: 0 })]],
    [["a", X]],
  ],
  ["nothing but `{}`", [[named("a", "{", { index: 0, id: "1" })], [more("}", { index: 0 })]], [["a", "{}"]]],
  ["arguments as an object", [[named("a", { city: "X" }, { index: 0, id: "1" })]], [["a", X]]],
  [
    "as an object, twice",
    [[named("a", { city: "X" }, { index: 0, id: "1" })], [named("a", { city: "X" }, { index: 0, id: "1" })]],
    [["a", X]],
  ],
  [
    "as an object that grows",
    [[named("a", {}, { index: 0, id: "1" })], [named("a", { city: "X" }, { index: 0, id: "1" })]],
    [["a", X]],
  ],
  [
    "three times the same",
    [[named("a", X, { index: 0, id: "1" })], [more(X, { index: 0 })], [more(X, { index: 0, id: "1" })]],
    [["a", X]],
  ],
  [
    "once more in pieces",
    [[named("a", X, { index: 0, id: "1" })], [more('{"city"', { index: 0 })], [more(':"X"}', { index: 0 })]],
    [["a", X]],
  ],
  [
    "something else behind: wrong, and not hidden",
    [[named("a", X, { index: 0, id: "1" })], [more("}", { index: 0 })]],
    [["a", `${X}}`]],
  ],
  [
    "a brace inside a string is none",
    [[named("a", '{"city":"}', { index: 0, id: "1" })], [more('{"}', { index: 0 })]],
    [["a", '{"city":"}{"}']],
  ],
])("%s", (_, chunks, expected) => {
  expect(callsOf(chunks)).toEqual(expected);
});

test("keeps unknown fields of the call and of the function from any chunk", () => {
  const calls = createToolCalls();
  const signed = { ...named("a", X, { index: 0, id: "1" }), extra_content: { google: { thought_signature: "s" } } };
  const [part] = calls.take(toolCallsOf({ tool_calls: [signed] }));
  expect(part?.data).toEqual({ extra_content: { google: { thought_signature: "s" } } });
  const late = { index: 0, type: "function", function: { thought_signature: "t" }, custom: null };
  expect(calls.take(toolCallsOf({ tool_calls: [late] }))[0]?.data).toEqual({
    extra_content: { google: { thought_signature: "s" } },
    function: { thought_signature: "t" },
  });
});

test("arguments are parsed once, however often they are repeated", () => {
  const calls = createToolCalls();
  const padded = `{"city":"X"${" ".repeat(10_000)}}`;
  calls.take(toolCallsOf({ tool_calls: [named("a", padded, { index: 0 })] }));
  const parse = vi.spyOn(JSON, "parse");
  for (let at = 0; at < 20; at += 1) calls.take(toolCallsOf({ tool_calls: [named("a", X, { index: 0 })] }));
  const lengths = parse.mock.calls.map(([text]) => text.length);
  parse.mockRestore();
  expect(calls.count()).toBe(1);
  expect(lengths.filter((length) => length >= padded.length)).toHaveLength(1);
});

test("an unknown field may be named `__proto__`", () => {
  const call = JSON.parse('{"index":0,"function":{"name":"a"},"__proto__":{"x":1}}');
  const [part] = createToolCalls().take(toolCallsOf({ tool_calls: [call] }));
  expect(JSON.stringify(part?.data)).toBe('{"__proto__":{"x":1}}');
});

test("unknown fields are collected in one object, which no piece copies", () => {
  const calls = createToolCalls();
  const partOf = (of: object) => calls.take(toolCallsOf({ tool_calls: [{ index: 0, ...of }] }))[0];
  const first = partOf({ ...named("a", X), x: 0 });
  const last = partOf({ x: 1 });
  expect(last?.data).toEqual({ x: 1 });
  expect(last?.data).toBe(first?.data);
});

test("the older function_call is a call", () => {
  expect(toolCallsOf({ function_call: { name: "a", arguments: X } })).toMatchObject([{ name: "a", inputText: X }]);
});
