import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { isLLMError } from "../../errors/llm-error.ts";
import type { AnySchema } from "./structured-schema.ts";
import { toRequestedSchema } from "./to-requested-schema.ts";

const valibotPost = v.object({ post: v.string(), mood: v.optional(v.number()) });
const libraries: readonly [string, AnySchema][] = [
  ["zod", z.object({ post: z.string(), mood: z.number().optional() })],
  ["valibot", valibotPost],
  ["valibot with its JSON Schema", toStandardJsonSchema(valibotPost)],
  ["arktype", type({ post: "string", "mood?": "number" })],
  [
    "JSON Schema with a function",
    {
      jsonSchema: {
        type: "object",
        properties: { post: { type: "string" }, mood: { type: "number" } },
        required: ["post"],
      },
      validate: (value: unknown) => {
        const fits = typeof value === "object" && value !== null && "post" in value && typeof value.post === "string";
        return fits ? { value } : { issues: [{ message: "no post", path: ["post"] }] };
      },
    },
  ],
];

describe.each(libraries)("%s", (_, schema) => {
  it("gives its JSON Schema", async () => {
    const { jsonSchema, warnings } = await toRequestedSchema(schema, "schema");
    expect(jsonSchema).toMatchObject({
      type: "object",
      properties: { post: { type: "string" }, mood: { type: "number" } },
      required: ["post"],
    });
    expect(warnings).toEqual([]);
  });

  it("validates, with issues that have a path", async () => {
    const { check } = await toRequestedSchema(schema, "schema");
    expect(await check({ post: "x" })).toEqual({ ok: true, value: { post: "x" } });
    expect(await check({ post: 5 })).toMatchObject({ ok: false, issues: [{ path: ["post"] }] });
  });
});

it("sends the input schema to the model, and returns the output type", async () => {
  const { jsonSchema, check } = await toRequestedSchema(z.object({ n: z.string().transform(Number) }), "schema");
  expect(jsonSchema).toMatchObject({ properties: { n: { type: "string" } } });
  expect(await check({ n: "7" })).toEqual({ ok: true, value: { n: 7 } });
});

it("leaves checks that JSON Schema cannot express to the validator", async () => {
  const { jsonSchema, check } = await toRequestedSchema(
    z.object({ at: z.coerce.date(), any: z.custom(() => true) }),
    "schema",
  );
  expect(jsonSchema).toMatchObject({ properties: { at: {}, any: {} } });
  expect(await check({ at: "2026-11-22", any: 1 })).toMatchObject({ ok: true });
});

it("works without JSON Schema if the library gives none", async () => {
  const bare = { "~standard": { version: 1, vendor: "other", validate: (value: unknown) => ({ value }) } } as const;
  const { jsonSchema, warnings } = await toRequestedSchema(bare, "schema");
  expect(jsonSchema).toBeNull();
  expect(warnings).toEqual([expect.stringContaining("other gives no JSON Schema")]);
});

it("treats a validator that throws as a mismatch", async () => {
  const schema = {
    jsonSchema: {},
    validate: (): { value: number } => {
      throw new Error("oops");
    },
  };
  const { check } = await toRequestedSchema(schema, "schema");
  expect(await check(1)).toEqual({ ok: false, issues: [{ message: "the validator threw: oops", path: [] }] });
});

describe("invalid_input", () => {
  const cyclic: Record<string, unknown> = { type: "object" };
  cyclic.properties = { self: cyclic };
  const custom = (jsonSchema: unknown) => ({ jsonSchema, validate: (value: unknown) => ({ value }) });

  it.each([
    ["a zod symbol", z.object({ s: z.symbol() }), "schema"],
    ["a zod function", z.object({ f: z.function() }), "schema"],
    ["a zod date", z.object({ d: z.date() }), "schema"],
    ["a zod bigint", z.bigint(), "schema"],
    ["a valibot symbol", v.object({ s: v.symbol() }), "schema"],
    ["a valibot function", v.object({ s: v.function() }), "schema"],
    ["an arktype symbol", type({ s: "symbol" }), "schema"],
    ["an arktype Function", type({ f: "Function" }), "schema"],
    ["a function", custom({ properties: { a: () => {} } }), "schema.jsonSchema.properties.a"],
    ["a symbol", custom({ default: Symbol("s") }), "schema.jsonSchema.default"],
    ["a symbol key", custom({ [Symbol("s")]: 1 }), "schema.jsonSchema"],
    ["a bigint", custom({ minimum: 1n }), "schema.jsonSchema.minimum"],
    ["an infinite number", custom({ maximum: Number.POSITIVE_INFINITY }), "schema.jsonSchema.maximum"],
    ["a cycle without $ref", custom(cyclic), "schema.jsonSchema.properties.self"],
    ["a $ref to nothing", custom({ $ref: "#/$defs/Gone" }), "schema.jsonSchema.$ref"],
    ["a class instance", custom({ default: new Map() }), "schema.jsonSchema.default"],
    ["no schema at all", { type: "object" } as unknown as AnySchema, "schema"],
  ])("for %s", async (_, schema, path) => {
    const error: unknown = await toRequestedSchema(schema as AnySchema, "schema").catch((thrown: unknown) => thrown);
    expect(isLLMError(error, "invalid_input") && error.path).toBe(path);
  });

  it("but not for a schema that refers to itself properly", async () => {
    const Topic = z.object({
      id: z.string(),
      get children() {
        return z.array(Topic);
      },
    });
    expect((await toRequestedSchema(Topic, "schema")).jsonSchema).toMatchObject({
      properties: { children: { items: { $ref: "#" } } },
    });
  });
});
