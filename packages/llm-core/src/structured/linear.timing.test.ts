import { expectLinear } from "@babylon/llm-testing/vitest";
import { describe, it } from "vitest";
import type { JsonObject } from "../contract/json.ts";
import { createElementReader } from "./array/element-reader.ts";
import { readElements } from "./array/read-elements.ts";
import { createObjectWatch } from "./object/object-watch.ts";
import { readObject } from "./object/read-object.ts";
import { expectedShape } from "./schema/expected-shape.ts";
import type { Checked } from "./schema/requested-schema.ts";
import { unWiden } from "./schema/un-widen.ts";

const schema: JsonObject = {
  type: "object",
  properties: { id: { type: "number" }, a: { type: "number" } },
  required: ["id"],
};
const element = expectedShape(schema);
const check = (value: unknown): Checked<unknown> =>
  typeof value === "object" && value !== null && "id" in value && typeof value.id === "number"
    ? { ok: true, value }
    : { ok: false, issues: [{ message: "no id", path: [] }] };

/** What an answer repeats, and what it begins and ends with. */
const texts: readonly (readonly [unit: string, before?: string, after?: string])[] = [
  ["{"],
  ["["],
  ["[{"],
  ["[]"],
  ["{}"],
  ["}"],
  ["{}", "[", "]"],
  ['{"a":1'],
  ['{"a":1} '],
  ['{"a":'],
  ['{"a":', "", "!"],
  ["[", "", "!"],
  ["[", "", "]"],
  ["{a:1}"],
  ["{a:1},", "[", "]"],
  ["{a:'b'} {"],
  ["{'id': 1, 'a': 'it is'}, ", "[", "]"],
  ["{'id': 1, 'a': 'it is'}, ", '{"items": ['],
  ['{"id":1}', "", ""],
  ['{"id":1},', "[", '{"id":1}]'],
  ['{"id":1},', "[", '{"id":'],
  ['"k":1,', "{", '"id":1}'],
  ["1,", "[", "1]"],
  ["'a',", "[", "]"],
  ['"'],
  ['"', "[", "]"],
  ['"x"y ', "[", "]"],
  ['"a b"c, ', "{a:", "}"],
  ['"/*', "[", "*/x]"],
  ["\\"],
  ['\\"', "[", "]"],
  ['{\\"a\\":1}'],
  ["'", "[", "]"],
  [" ", "{", "x"],
  [" ", "{ 'items", ": [1]"],
  [" ", "x", "x"],
  ["\n", "```json", "```x"],
  ["[}", "[", "]"],
  ["]", "[".repeat(50_000)],
  ["}", "[".repeat(50_000)],
  ["<think>"],
  ["</think>"],
  ["<think "],
  ["<"],
  ["<think>{</think>"],
  ["lorem ipsum "],
  ["lorem ipsum ", '{"a": "', '", "id": 1}'],
  ["\\n", '{"a": "', '", "id": 1}'],
  ["1 ", "[", "]"],
  ["1.5.", "[", "]"],
  ["日本「{」"],
];
const cases = texts.map(([unit, before = "", after = ""]) => {
  const name = JSON.stringify(`${before.slice(0, 20)}${unit}…${after}`);
  const make = (size: number) => before + unit.repeat(Math.ceil((size - before.length) / unit.length)) + after;
  return [name, make] as const;
});
const everySecond = cases.filter((_, index) => index % 2 === 0);
const everyFourth = cases.filter((_, index) => index % 4 === 0);

/** Small pieces, as models send them. */
function inPieces(text: string, write: (piece: string) => void): void {
  for (let at = 0; at < text.length; at += 7) write(text.slice(at, at + 7));
}

const limits = { timeout: 60_000 };

/** Seven characters at a time: 143,000 calls for a million characters. */
const IN_PIECES = { msPerMillion: 200 };

describe("takes time in proportion to an answer, and little", limits, () => {
  it.each(cases)("array: %s", async (_, make) => {
    await expectLinear((size) => {
      const text = make(size);
      return () => readElements(text, { element, wrap: "items", cutByLimit: false, check });
    });
  });

  it.each(everySecond)("object: %s", async (_, make) => {
    await expectLinear((size) => {
      const text = make(size);
      return () => readObject(text, { expected: element, wrap: null, cutByLimit: false, check });
    });
  });
});

it("an object of a schema that holds itself takes time in proportion to its depth", limits, async () => {
  const kind = (name: string): JsonObject => ({
    type: "object",
    properties: { child: { $ref: "#/$defs/node" }, kind: { const: name } },
    required: ["kind"],
  });
  const tree: JsonObject = { $defs: { node: { anyOf: [kind("a"), kind("b"), { type: "null" }] } }, ...kind("b") };
  await expectLinear(
    (depth) => {
      const value: unknown = JSON.parse(`${'{"kind":"b","child":'.repeat(depth)}null${"}".repeat(depth)}`);
      return () => {
        for (let times = 0; times < 200; times += 1) unWiden(value, tree);
      };
    },
    { sizes: [50, 100, 200, 400], factor: 3.2, msPerMillion: 2_500_000 },
  );
});

describe("takes time in proportion to what has arrived, and little", limits, () => {
  it.each(everySecond)("elements in small pieces: %s", async (_, make) => {
    await expectLinear((size) => {
      const text = make(size);
      return () => inPieces(text, createElementReader({ element, wrap: "items" }, () => {}).write);
    }, IN_PIECES);
  });

  it.each(everyFourth)("elements in one piece: %s", async (_, make) => {
    await expectLinear((size) => {
      const text = make(size);
      return () => createElementReader({ element, wrap: "items" }, () => {}).write(text);
    });
  });

  it.each(everyFourth)("members in small pieces: %s", async (_, make) => {
    await expectLinear((size) => {
      const text = make(size);
      return () => {
        const watch = createObjectWatch(schema, element, () => {});
        watch.attempt({ kind: "loose", schema, wrap: null, widened: true });
        inPieces(text, watch.text);
      };
    }, IN_PIECES);
  });
});
