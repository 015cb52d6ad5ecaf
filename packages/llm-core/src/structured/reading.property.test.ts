import fc from "fast-check";
import { expect, it } from "vitest";
import { readElements } from "./array/read-elements.ts";
import { checkWithJsonSchema } from "./corpus/read-case.ts";
import { elementSchema, objectSchema } from "./fixtures/random-schema.ts";
import { readObject } from "./object/read-object.ts";
import { expectedShape } from "./schema/expected-shape.ts";

/** What stands around answers, and holds no instance of any schema here: their names have at least three letters, and are required. */
const noise = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[{[<"]/g, "")) },
      fc.constantFrom(
        "Here is the JSON you asked for:\n",
        'As they say, "keep it short".',
        "I filled {placeholders} and {braces: too}.",
        "It's what [the docs](https://example.com/{id}) say [1].",
        '{"q":1}',
        '{"error": null, "a": [{"b": 2}]}',
        "<think>Maybe { or [ will do. Don't.</think>",
        '<thinking>\n```json\n{"x":\n```\n</thinking>',
        "```json\n",
        "\n```\n",
        "if a < b then } else ]",
        "\n\n",
      ),
    ),
    { maxLength: 4 },
  )
  .map((pieces) => pieces.join(" "));

const around = fc.record({ before: noise, after: noise, indent: fc.constantFrom(0, 2) });

it("reads any object that fits its schema out of the noise around it", { timeout: 30_000 }, async () => {
  const cases = objectSchema.chain((one) => fc.tuple(fc.constant(one.schema), one.value, around));
  await fc.assert(
    fc.asyncProperty(cases, async ([schema, value, { before, after, indent }]) => {
      const text = `${before}${JSON.stringify(value, null, indent)}${after}`;
      const check = checkWithJsonSchema(schema);
      const read = await readObject(text, { expected: expectedShape(schema), wrap: null, cutByLimit: false, check });
      expect(read).toEqual({ type: "value", value: JSON.parse(JSON.stringify(value)) });
    }),
    { numRuns: 1_000 },
  );
});

it("reads any array whose elements fit their schema out of the noise around it", { timeout: 30_000 }, async () => {
  const cases = elementSchema.chain((one) =>
    fc.tuple(fc.constant(one.schema), fc.array(one.value, { minLength: 1, maxLength: 6 }), around),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([schema, items, { before, after, indent }]) => {
      const text = `${before}${JSON.stringify(items, null, indent)}${after}`;
      const reading = {
        element: expectedShape(schema),
        wrap: null,
        cutByLimit: false,
        check: checkWithJsonSchema(schema),
      };
      const { raws, cut } = await readElements(text, reading);
      // A single number in brackets may also be a reference of the prose: then both are instances, and the last counts.
      fc.pre(!(items.length === 1 && typeof items[0] === "number"));
      expect(raws).toEqual(JSON.parse(JSON.stringify(items)));
      expect(cut).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

it("never gives what does not fit, whatever the text", { timeout: 30_000 }, async () => {
  const cases = objectSchema.chain((one) => fc.tuple(fc.constant(one.schema), fc.string({ maxLength: 200 })));
  await fc.assert(
    fc.asyncProperty(cases, async ([schema, text]) => {
      const check = checkWithJsonSchema(schema);
      const read = await readObject(text, { expected: expectedShape(schema), wrap: null, cutByLimit: false, check });
      expect(read.type === "value" ? check(read.value).ok : true).toBe(true);
    }),
    { numRuns: 500 },
  );
});
