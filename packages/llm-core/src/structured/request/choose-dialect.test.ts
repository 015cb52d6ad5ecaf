import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.ts";
import type { ModelCapabilities } from "../../contract/provider.ts";
import { chooseDialect } from "./choose-dialect.ts";
import { shapeRequest } from "./shape-request.ts";

const object: JsonObject = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
const array: JsonObject = { type: "array", items: object };
const base = mockProvider().capabilities("m");

function choose(
  capabilities: Partial<ModelCapabilities>,
  jsonSchema: JsonObject | null = object,
  streaming = false,
  tools = false,
) {
  return chooseDialect({
    jsonSchema,
    capabilities: { ...base, ...capabilities },
    streaming,
    tools,
    refused: new Set(),
  });
}

describe("chooseDialect", () => {
  const all = ["strict", "loose", "json-mode", "tool", "prompt"] as const;
  it.each([
    ["the best there is", choose({ schema: all }), "strict", 0],
    ["no schema with streaming", choose({ schema: all, schemaWithStreaming: false }, object, true), "json-mode", 2],
    ["streaming with one that takes it", choose({ schema: all }, object, true), "strict", 0],
    ["no schema with tools", choose({ schema: all, schemaWithTools: false }, object, false, true), "prompt", 4],
    ["tools with one that takes both", choose({ schema: ["tool", "strict"] }, object, false, true), "strict", 1],
    ["a tool that cannot be forced", choose({ schema: ["tool", "prompt"], forcedToolChoice: false }), "prompt", 0],
    ["a tool that can", choose({ schema: ["tool", "prompt"] }), "tool", 0],
    ["a record", choose({ schema: all }, { type: "object", additionalProperties: { type: "string" } }), "loose", 1],
    ["no JSON Schema", choose({ schema: all }, null), "json-mode", 0],
    ["nothing left", choose({ schema: ["strict"] }, { type: "object" }), "prompt", 1],
  ])("%s", (_, { dialect, warnings }, kind, warned) => {
    expect(dialect.kind).toBe(kind);
    expect(warnings).toHaveLength(warned);
  });

  it.each([
    ["an array", array, "strict", "items"],
    ["an array in the prompt", array, "prompt", null],
    ["an object", object, "json-mode", null],
    ["alternatives", { anyOf: [object, { ...object, required: [] }] }, "strict", "value"],
    ["alternatives in the prompt", { anyOf: [object, { ...object, required: [] }] }, "prompt", null],
    ["a word", { type: "string" }, "prompt", "value"],
  ] as const)("wraps %s", (_, schema, kind, wrap) => {
    const { dialect } = choose({ schema: [kind] }, schema);
    expect(dialect).toMatchObject({ kind, wrap });
    expect(dialect.schema?.type ?? "object").toBe(wrap === null && schema === array ? "array" : "object");
  });

  it("keeps references true when it wraps", () => {
    const tree: JsonObject = {
      type: "array",
      items: { type: "object", properties: { id: { $ref: "#/$defs/Id" }, children: { $ref: "#" } } },
      $defs: { Id: { type: "string" } },
    };
    expect(choose({ schema: ["loose"] }, tree).dialect.schema).toEqual({
      type: "object",
      properties: { items: { $ref: "#/$defs/babylon_root" } },
      required: ["items"],
      additionalProperties: false,
      $defs: {
        Id: { type: "string" },
        babylon_root: {
          type: "array",
          items: {
            type: "object",
            properties: { id: { $ref: "#/$defs/Id" }, children: { $ref: "#/$defs/babylon_root" } },
          },
        },
      },
    });
  });
});

describe("shapeRequest", () => {
  it("puts the schema on one line behind the leading system messages", () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Write." },
    ] as const;
    const { dialect } = choose({ schema: ["prompt"] });
    const shaped = shapeRequest({ model: "m", messages }, dialect);
    expect(shaped.messages.map(({ role }) => role)).toEqual(["system", "system", "user"]);
    const content = String(shaped.messages[1]?.content);
    expect(content.split("\n").at(-1)).toBe(`JSON schema: ${JSON.stringify(object)}`);
  });

  it("mentions JSON in JSON mode, also without a schema", () => {
    const { dialect } = choose({ schema: ["json-mode"] }, null);
    const shaped = shapeRequest({ model: "m", messages: [{ role: "user", content: "Write." }] }, dialect);
    expect(shaped.responseFormat).toEqual({ type: "json" });
    expect(shaped.messages[0]?.content).toMatch(/JSON/);
  });
});
