import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { JsonObject } from "../../contract/json.ts";
import { toStrictSchema } from "./to-strict-schema.ts";
import { unWiden } from "./un-widen.ts";

const fromZod = (schema: z.ZodType): JsonObject => z.toJSONSchema(schema, { io: "input" }) as JsonObject;
const nullable = (schema: object) => ({ anyOf: [schema, { type: "null" }] });
const closed = (properties: object) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

describe("toStrictSchema", () => {
  const text = { type: "string" };
  it.each<[string, z.ZodType, object]>([
    [
      "optional members become nullable",
      z.object({ a: z.string(), b: z.string().optional() }),
      closed({ a: text, b: nullable(text) }),
    ],
    ["what takes null stays", z.object({ a: z.string().nullish() }), closed({ a: nullable(text) })],
    ["defaults are left to the validator", z.object({ a: z.string().default("x") }), closed({ a: nullable(text) })],
    [
      "members of members",
      z.object({ a: z.object({ b: z.string().optional() }) }),
      closed({ a: closed({ b: nullable(text) }) }),
    ],
    [
      "members of elements",
      z.object({ a: z.array(z.object({ b: z.string() })) }),
      closed({ a: { type: "array", items: closed({ b: text }) } }),
    ],
    ["a literal", z.object({ a: z.literal("x") }), closed({ a: { type: "string", enum: ["x"] } })],
    ["a list of words", z.object({ a: z.enum(["x", "y"]) }), closed({ a: { type: "string", enum: ["x", "y"] } })],
    [
      "alternatives",
      z.object({
        a: z.discriminatedUnion("k", [z.object({ k: z.literal(1) }), z.object({ k: z.literal(2), b: z.string() })]),
      }),
      closed({
        a: {
          anyOf: [closed({ k: { type: "number", enum: [1] } }), closed({ k: { type: "number", enum: [2] }, b: text })],
        },
      }),
    ],
    ["known formats", z.object({ a: z.iso.datetime() }), closed({ a: { type: "string", format: "date-time" } })],
    ["whole numbers", z.object({ a: z.int() }), closed({ a: { type: "integer" } })],
    [
      "constraints in words",
      z.object({ a: z.string().min(2).max(9).describe("A name."), b: z.number().min(0).multipleOf(5) }),
      closed({
        a: { type: "string", description: "A name.; minLength: 2; maxLength: 9" },
        b: { type: "number", description: "minimum: 0; multipleOf: 5" },
      }),
    ],
  ])("%s", (_, schema, expected) => {
    expect(toStrictSchema(fromZod(schema))).toEqual({ ok: true, schema: expected });
  });

  it("keeps the constraints the model takes", () => {
    const schema = fromZod(z.object({ n: z.number().min(0).max(1), list: z.array(z.string()).min(2) }));
    expect(toStrictSchema(schema, { keywords: ["minimum", "maximum"] })).toMatchObject({
      schema: {
        properties: {
          n: { type: "number", minimum: 0, maximum: 1 },
          list: { type: "array", description: "minItems: 2" },
        },
      },
    });
  });

  it("resolves references, and keeps what is said beside them", () => {
    const schema = {
      type: "object",
      properties: { a: { $ref: "#/$defs/Name", description: "Who." } },
      required: ["a"],
      $defs: { Name: { type: "string" } },
    };
    expect(toStrictSchema(schema)).toEqual({
      ok: true,
      schema: closed({ a: { type: "string", description: "Who." } }),
    });
  });

  it("splits lists of types", () => {
    expect(toStrictSchema({ type: "object", properties: { a: { type: ["string", "null"] } } })).toEqual({
      ok: true,
      schema: closed({ a: { anyOf: [{ type: "string" }, { type: "null" }] } }),
    });
  });

  it.each<[string, JsonObject, string]>([
    ["a record", fromZod(z.record(z.string(), z.number())), "$ has members of any name"],
    ["other members allowed", fromZod(z.object({ a: z.looseObject({}) })), "$.a has members of any name"],
    ["anything", fromZod(z.object({ a: z.any() })), "$.a may be anything"],
    ["a tuple", fromZod(z.object({ a: z.tuple([z.string()]) })), "$.a uses prefixItems"],
    ["several at once", { allOf: [{ type: "object" }, { type: "object" }] }, "$ uses allOf"],
    ["a negation", { type: "object", properties: { a: { not: { type: "string" } } } }, "$.a uses not"],
    ["an object of unknown members", { type: "object" }, "$ does not name its members"],
    [
      "a shape that holds itself",
      { type: "object", properties: { a: { type: "array", items: { $ref: "#" } } }, required: ["a"] },
      "$.a[] refers to itself",
    ],
    [
      "two that hold each other",
      {
        $ref: "#/$defs/A",
        $defs: {
          A: { type: "object", properties: { b: { $ref: "#/$defs/B" } } },
          B: { type: "object", properties: { a: { $ref: "#/$defs/A" } } },
        },
      },
      "$.b.a refers to itself",
    ],
  ])("cannot say %s", (_, schema, reason) => {
    expect(toStrictSchema(schema)).toEqual({ ok: false, reason });
  });
});

describe("unWiden", () => {
  it.each<[string, z.ZodType, unknown, unknown]>([
    ["null of an optional member", z.object({ a: z.string().optional() }), { a: null }, {}],
    ["null of a nullable one stays", z.object({ a: z.string().nullish() }), { a: null }, { a: null }],
    ["null of a required one stays, to be refused", z.object({ a: z.string() }), { a: null }, { a: null }],
    ["inside members", z.object({ a: z.object({ b: z.string().optional() }) }), { a: { b: null } }, { a: {} }],
    [
      "inside elements",
      z.object({ a: z.array(z.object({ b: z.string().optional() })) }),
      { a: [{ b: null }, { b: "x" }] },
      { a: [{}, { b: "x" }] },
    ],
    [
      "inside the alternative that fits",
      z.union([
        z.object({ k: z.literal(1), a: z.string().nullish() }),
        z.object({ k: z.literal(2), a: z.string().optional() }),
      ]),
      { k: 2, a: null },
      { k: 2 },
    ],
    ["members nobody knows stay", z.object({ a: z.string() }), { a: "x", b: null }, { a: "x", b: null }],
    ["what is not an object stays", z.object({ a: z.string() }), [null, 1], [null, 1]],
  ])("%s", (_, schema, value, expected) => {
    expect(unWiden(value, fromZod(schema))).toEqual(expected);
  });
});

describe("what a model takes in a strict schema", () => {
  const text = { type: "string" };
  const many = (count: number, member: (index: number) => z.ZodType) =>
    fromZod(z.object(Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, member(index)]))));
  const requiredOf = (result: ReturnType<typeof toStrictSchema>): unknown =>
    result.ok ? result.schema.required : result.reason;

  it("members stay optional as far as they may, and are nullable beyond", () => {
    const result = toStrictSchema(
      many(3, () => z.string().optional()),
      { maxOptionals: 2 },
    );
    expect(result).toMatchObject({
      ok: true,
      schema: { properties: { m0: text, m1: text, m2: nullable(text) }, required: ["m2"] },
    });
  });

  it.each<[string, number, object, unknown]>([
    ["24 optional members", 24, { maxOptionals: 24, maxUnions: 16 }, []],
    ["40 of them", 40, { maxOptionals: 24, maxUnions: 16 }, Array.from({ length: 16 }, (_, index) => `m${index + 24}`)],
    ["41 of them", 41, { maxOptionals: 24, maxUnions: 16 }, "more than 16 places take several types"],
    [
      "more than may be absent, without a limit of unions",
      30,
      {},
      Array.from({ length: 30 }, (_, index) => `m${index}`),
    ],
    ["more nodes than are compiled", 400, {}, "it has more than 1000 parts"],
  ])("%s", (_, count, rules, required) => {
    expect(
      requiredOf(
        toStrictSchema(
          many(count, () => z.string().optional()),
          rules,
        ),
      ),
    ).toEqual(required);
  });

  it("nullable members are unions, whether they are required or not", () => {
    const rules = { maxUnions: 16, maxOptionals: 24 };
    expect(
      toStrictSchema(
        many(16, () => z.string().nullish()),
        rules,
      ).ok,
    ).toBe(true);
    expect(
      toStrictSchema(
        many(17, () => z.string().nullable()),
        rules,
      ).ok,
    ).toBe(false);
  });

  it("long enumerations and deep nesting are too large", () => {
    const words = Array.from({ length: 1_001 }, (_, index) => `w${index}`);
    expect(toStrictSchema({ type: "object", properties: { a: { enum: words } } }).ok).toBe(false);
    let deep: z.ZodType = z.string();
    for (let depth = 0; depth < 11; depth += 1) deep = z.object({ a: deep });
    expect(toStrictSchema(fromZod(deep))).toEqual({
      ok: false,
      reason: "$.a.a.a.a.a.a.a.a.a.a is more than 10 objects deep",
    });
    expect(toStrictSchema(fromZod(deep), { maxDepth: 11 }).ok).toBe(true);
  });

  it("twenty levels of shared definitions are given up at once", () => {
    const $defs: Record<string, JsonObject> = { D20: { type: "object", properties: { v: text } } };
    for (let level = 0; level < 20; level += 1) {
      const next = { $ref: `#/$defs/D${level + 1}` };
      $defs[`D${level}`] = { type: "object", properties: { left: next, right: next } };
    }
    const begun = performance.now();
    const result = toStrictSchema(
      { type: "object", properties: { root: { $ref: "#/$defs/D0" } }, $defs },
      { maxDepth: 99 },
    );
    expect(result).toEqual({ ok: false, reason: "it has more than 1000 parts" });
    expect(performance.now() - begun).toBeLessThan(500);
  });

  it.each<[string, JsonObject, object, object]>([
    [
      "a format that is not taken",
      { type: "string", format: "uri" },
      {},
      { type: "string", description: "format: uri" },
    ],
    ["one that is", { type: "string", format: "uri" }, { formats: ["uri"] }, { type: "string", format: "uri" }],
    [
      "a plain pattern",
      { type: "string", pattern: "^(?:a|b)+$" },
      { keywords: ["pattern"] },
      { type: "string", pattern: "^(?:a|b)+$" },
    ],
    [
      "a lookahead",
      { type: "string", pattern: "^(?=x)" },
      { keywords: ["pattern"] },
      { type: "string", description: "pattern: ^(?=x)" },
    ],
    [
      "a lookbehind",
      { type: "string", pattern: "(?<!x)$" },
      { keywords: ["pattern"] },
      { type: "string", description: "pattern: (?<!x)$" },
    ],
    [
      "a reference back",
      { type: "string", pattern: "(a)\\1" },
      { keywords: ["pattern"] },
      { type: "string", description: "pattern: (a)\\1" },
    ],
  ])("%s", (_, member, rules, expected) => {
    const result = toStrictSchema({ type: "object", properties: { a: member }, required: ["a"] }, rules);
    expect(result).toMatchObject({ ok: true, schema: { properties: { a: expected } } });
  });

  it("a member called __proto__ is one like others", () => {
    const result = toStrictSchema(JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'));
    expect(requiredOf(result)).toEqual(["__proto__"]);
  });
});
