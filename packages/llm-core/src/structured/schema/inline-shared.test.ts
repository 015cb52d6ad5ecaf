import { expect, it } from "vitest";
import * as z from "zod";
import { readJsonSchema } from "./read-json-schema.ts";

async function schemaOf(schema: z.ZodType): Promise<string> {
  const { jsonSchema } = await readJsonSchema(schema, "schema");
  return JSON.stringify(jsonSchema);
}

it("a part that is used twice is written out", async () => {
  const place = z.object({ x: z.number() });
  const text = await schemaOf(z.object({ from: place.describe("start"), to: place, over: z.array(place).optional() }));
  expect(text).not.toContain("$ref");
  expect(JSON.parse(text)).toMatchObject({
    properties: { from: { description: "start" }, to: { properties: { x: {} } } },
  });
});

it("twenty levels of parts that are used twice stay definitions, and small", async () => {
  let part: z.ZodType = z.object({ v: z.string() });
  for (let level = 0; level < 20; level += 1) part = z.object({ left: part.optional(), right: part.optional() });
  const begun = performance.now();
  const text = await schemaOf(part);
  expect(text.length).toBeLessThan(10_000);
  expect(text).toContain("$ref");
  expect(performance.now() - begun).toBeLessThan(1_000);
});

it("a recursive part stays a definition, while others are inlined", async () => {
  interface Node {
    readonly name: { readonly text: string };
    readonly children: readonly Node[];
  }
  const name = z.object({ text: z.string() });
  const node: z.ZodType<Node> = z.object({ name, children: z.array(z.lazy(() => node)) });
  const text = await schemaOf(z.object({ root: node, other: node, title: name }));
  const schema = JSON.parse(text);
  expect(schema.properties.title).toEqual({
    type: "object",
    properties: { text: { type: "string" } },
    required: ["text"],
  });
  expect(schema.properties.root).toEqual({ $ref: expect.stringMatching(/^#\/\$defs\//) });
  expect(Object.keys(schema.$defs)).toHaveLength(1);
});

it("names of the caller's own stay definitions", async () => {
  const place = z.object({ x: z.number() }).meta({ id: "Place" });
  expect(await schemaOf(z.object({ from: place, to: place }))).toContain('"$ref":"#/$defs/Place"');
});
