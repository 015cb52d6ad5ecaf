import type { JsonObject, JsonValue } from "@babylon/llm-core";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { valueForSchema } from "./value-for-schema.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];

const person: JsonObject = { type: "object", properties: { id: { type: "string" }, age: { type: "integer" } } };

/** A schema, and the condition for every value that is generated for it. */
const CASES: readonly [string, JsonObject, (value: JsonValue) => boolean][] = [
  ["enum", { enum: ["buy", "sell", null, 3] }, (v) => ["buy", "sell", null, 3].includes(v as never)],
  ["const", { const: { a: 1 } }, (v) => JSON.stringify(v) === '{"a":1}'],
  [
    "integer in limits",
    { type: "integer", minimum: 3, maximum: 5 },
    (v) => Number.isInteger(v) && Number(v) >= 3 && Number(v) <= 5,
  ],
  ["exclusive limits", { type: "integer", exclusiveMinimum: 3, exclusiveMaximum: 5 }, (v) => v === 4],
  ["negative numbers", { type: "number", minimum: -1, maximum: 0 }, (v) => Number(v) >= -1 && Number(v) <= 0],
  ["only a maximum", { type: "number", maximum: 2 }, (v) => Number(v) <= 2],
  ["multiples", { type: "integer", minimum: 10, maximum: 50, multipleOf: 5 }, (v) => Number(v) % 5 === 0],
  [
    "a probability by its name",
    { type: "object", properties: { probability: { type: "number" } } },
    (v) => {
      const { probability } = v as { probability: number };
      return probability >= 0 && probability <= 1;
    },
  ],
  [
    "text lengths",
    { type: "string", minLength: 20, maxLength: 30 },
    (v) => String(v).length >= 20 && String(v).length <= 30,
  ],
  ["a long text", { type: "string", minLength: 400 }, (v) => String(v).length >= 400],
  [
    "a pattern",
    { type: "string", pattern: "^[A-Z]{3}-\\d{2,4}(?:a|bc)?$" },
    (v) => /^[A-Z]{3}-\d{2,4}(?:a|bc)?$/.test(String(v)),
  ],
  [
    "a uuid",
    { type: "string", format: "uuid" },
    (v) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/.test(String(v)),
  ],
  ["a date-time", { type: "string", format: "date-time" }, (v) => !Number.isNaN(Date.parse(String(v)))],
  [
    "counts",
    { type: "array", items: { type: "boolean" }, minItems: 5, maxItems: 6 },
    (v) => {
      const list = v as boolean[];
      return list.length >= 5 && list.length <= 6 && list.every((one) => typeof one === "boolean");
    },
  ],
  [
    "unique elements",
    { type: "array", items: { enum: [1, 2, 3] }, uniqueItems: true },
    (v) => new Set(v as number[]).size === (v as number[]).length,
  ],
  [
    "a tuple",
    { type: "array", prefixItems: [{ type: "integer" }, { const: "x" }] },
    (v) => (v as JsonValue[])[1] === "x" && (v as JsonValue[]).length === 2,
  ],
  ["null or a text", { type: ["string", "null"] }, (v) => v === null || typeof v === "string"],
  ["null or an object", { anyOf: [person, { type: "null" }] }, (v) => v === null || "id" in (v as object)],
  [
    "allOf",
    { allOf: [person, { type: "object", properties: { name: { type: "string" } } }] },
    (v) => Object.keys(v as object).join() === "id,age,name",
  ],
  [
    "references",
    { $defs: { person }, type: "object", properties: { who: { $ref: "#/$defs/person" } } },
    (v) => "age" in (v as { who: object }).who,
  ],
  [
    "a recursive schema",
    { type: "object", properties: { next: { anyOf: [{ $ref: "#" }, { type: "null" }] } }, required: ["next"] },
    (v) => "next" in (v as object),
  ],
  [
    "a record",
    { type: "object", additionalProperties: { type: "integer" } },
    (v) => Object.values(v as object).every(Number.isInteger),
  ],
  ["limits in words", { type: "integer", description: "How sure; minimum: 1; maximum: 2" }, (v) => v === 1 || v === 2],
  [
    "a pattern in words",
    { type: "string", description: "pattern: ^a\\d$; maxLength: 2" },
    (v) => /^a\d$/.test(String(v)),
  ],
];

describe("valueForSchema", () => {
  it.each(CASES)("satisfies %s", (_, schema, holds) => {
    for (const seed of SEEDS) {
      const value = valueForSchema(schema, createRandom(seed));
      expect(holds(value), JSON.stringify(value)).toBe(true);
    }
  });

  it("is the same for the same seed, and differs between seeds", () => {
    const schema: JsonObject = { type: "object", properties: { text: { type: "string" } } };
    expect(valueForSchema(schema, createRandom(7))).toEqual(valueForSchema(schema, createRandom(7)));
    expect(valueForSchema(schema, createRandom(7))).not.toEqual(valueForSchema(schema, createRandom(8)));
  });

  it("generates one element for each id of an enum", () => {
    const items: JsonObject = {
      type: "object",
      properties: { npcId: { enum: ["a", "b", "c", "d"] }, n: { type: "integer" } },
    };
    const value = valueForSchema(
      { type: "object", properties: { decisions: { type: "array", items } } },
      createRandom(1),
    );
    expect((value as { decisions: { npcId: string }[] }).decisions.map(({ npcId }) => npcId)).toEqual([
      "a",
      "b",
      "c",
      "d",
    ]);
  });

  it("generates the elements that the prompt names, only in the outermost list", () => {
    const tags: JsonObject = { type: "array", items: person, maxItems: 1 };
    const items: JsonObject = { type: "object", properties: { id: { type: "integer" }, tags } };
    const schema: JsonObject = { type: "array", items };
    const value = valueForSchema(schema, createRandom(1), { ids: [7, 9], count: null });
    expect((value as { id: number; tags: { id: string }[] }[]).map(({ id }) => id)).toEqual([7, 9]);
    expect(
      (value as { tags: { id: unknown }[] }[]).flatMap((one) => one.tags).every((tag) => typeof tag.id === "string"),
    ).toBe(true);
    expect(valueForSchema(schema, createRandom(1), { ids: null, count: 5 })).toHaveLength(5);
  });
});
