import { describe, expect, it } from "vitest";
import { type BatchSize, elementsPerRequest, estimateSchemaTokens, planParts } from "./plan-parts.ts";

const size = (facts: Partial<BatchSize> & { context?: number; output?: number; silent?: boolean }): BatchSize => {
  const { context = null, output = null, silent = false, ...rest } = facts;
  return {
    ids: null,
    count: 64,
    elementsPerRequest: null,
    capabilities: { contextTokens: context, maxOutputTokens: output, silentReasoning: silent },
    maxOutputTokens: null,
    promptTokens: 1_000,
    elementTokens: 100,
    ...rest,
  };
};

describe("elementsPerRequest", () => {
  it.each([
    ["the caller's word wins", size({ elementsPerRequest: 5, output: 100_000 }), 5],
    ["no limit known", size({}), 16],
    ["the longest answer", size({ output: 4_000 }), 32],
    ["what the caller allows an answer", size({ output: 4_000, maxOutputTokens: 1_000 }), 8],
    ["the context less the prompt", size({ context: 3_000 }), 16],
    ["the smaller of both", size({ context: 3_000, output: 800 }), 6],
    ["room for reasoning that is not shown", size({ output: 4_000, silent: true }), 20],
    ["never less than one", size({ context: 1_000 }), 1],
    ["a prompt longer than the context", size({ context: 500 }), 1],
  ])("%s", (_, batch, expected) => {
    expect(elementsPerRequest(batch)).toBe(expected);
  });
});

describe("planParts", () => {
  it("splits evenly, in order, leaving nothing out", () => {
    const ids = Array.from({ length: 35 }, (_, index) => `npc-${index}`);
    const parts = planParts(size({ ids, count: null }));
    expect(parts.map(({ ids: own }) => own?.length)).toEqual([11, 12, 12]);
    expect(parts.flatMap(({ ids: own }) => own)).toEqual(ids);
    expect(parts.map(({ index, total, offset }) => [index, total, offset])).toEqual([
      [0, 3, 0],
      [1, 3, 11],
      [2, 3, 23],
    ]);
  });

  it.each([
    [1, 16, [1]],
    [16, 16, [16]],
    [17, 16, [8, 9]],
    [64, 64, [64]],
  ])("%i by %i", (count, each, expected) => {
    expect(planParts(size({ count, elementsPerRequest: each })).map((part) => part.count)).toEqual(expected);
  });

  it("does not split a batch without ids or count", () => {
    expect(planParts(size({ count: null }))).toEqual([{ index: 0, total: 1, ids: null, count: null, offset: 0 }]);
  });
});

describe("estimateSchemaTokens", () => {
  it.each([
    [{ type: "boolean" }, 2],
    [{ type: "string", maxLength: 30 }, 12],
    [{ enum: ["a", "abcdefg"] }, 3],
    [{ type: "object", properties: { id: { type: "integer" } } }, 14],
    [{ type: "array", items: { type: "integer" }, minItems: 10, maxItems: 10 }, 62],
    [{ $ref: "#/$defs/A", $defs: { A: { type: "boolean" } } }, 2],
    [null, 100],
  ])("%j", (schema, expected) => {
    expect(estimateSchemaTokens(schema, schema)).toBe(expected);
  });

  it("comes to an end where a schema refers to itself", () => {
    const tree = { type: "object", properties: { children: { type: "array", items: { $ref: "#" } } } };
    expect(estimateSchemaTokens(tree, tree)).toBeGreaterThan(0);
  });
});
