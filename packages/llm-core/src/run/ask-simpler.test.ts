import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { ModelCapabilities, SchemaDialect } from "../contract/provider.ts";
import type { RefusedPart } from "../errors/error-details.ts";
import { failure, testBed } from "../test-support/test-bed.ts";

// Imported lazily by the client: loaded here, because a fake clock cannot wait for a real disk.
import "../structured/object/generate-object.ts";
import "../structured/array/generate-array.ts";

const refuse = (kind: RefusedPart["kind"], field = "response_format") => ({
  error: failure("invalid_request", { status: 400, refused: { kind, field } }),
});
const schema = {
  jsonSchema: { type: "object", properties: { a: { type: "number" } }, required: ["a"] },
  validate: (value: unknown) => ({ value }),
};
const answer = { text: '{"a":1}' };
const ALL: readonly SchemaDialect[] = ["strict", "loose", "json-mode", "tool", "prompt"];
const CAN: Partial<ModelCapabilities> = { schema: ALL, tools: true, forcedToolChoice: true };

describe("a schema that a vendor rejects is requested from the same link in the next simpler dialect:", () => {
  it.each<[string, RefusedPart["kind"][], SchemaDialect[]]>([
    ["strictness", ["strict"], ["strict", "loose"]],
    ["any schema", ["schema"], ["strict", "json-mode"]],
    ["any format", ["format"], ["strict", "tool"]],
    ["any format and a forced tool", ["format", "tool"], ["strict", "tool", "prompt"]],
    ["in sequence", ["strict", "strict", "strict", "tool"], ALL.slice()],
  ])("%s", async (_, refused, dialects) => {
    const steps = [...refused.map((kind) => refuse(kind)), answer];
    const bed = testBed({ a: mockProvider({ id: "a", steps, capabilities: CAN }), b: answer });
    const result = await bed.value(bed.llm.generateObject({ schema, prompt: "x" }));
    expect(result).toMatchObject({ object: { a: 1 }, provider: "a" });
    expect(result.attempts.map(({ schemaDialect }) => schemaDialect)).toEqual(dialects);
    expect(result.attempts.map(({ kind }) => kind)).toEqual(["first", ...refused.map(() => "ask-again")]);
    expect(result.warnings).toContain(`a/a-model: the schema is not requested as "strict": the vendor refused it`);
  });

  it("also for the elements of an array", async () => {
    const steps = [refuse("schema"), { text: '{"items":[{"a":1}]}' }];
    const bed = testBed({ a: mockProvider({ id: "a", steps, capabilities: CAN }) });
    const result = await bed.value(bed.llm.generateArray({ element: schema, prompt: "x" }));
    expect(result.items).toEqual([{ a: 1 }]);
  });

  it("without a simpler dialect the next link gets the request in its best dialect", async () => {
    const steps = [refuse("strict")];
    const bed = testBed({
      a: mockProvider({ id: "a", steps, capabilities: { schema: ["prompt"] } }),
      b: mockProvider({ id: "b", steps: [answer], capabilities: CAN }),
    });
    const result = await bed.value(bed.llm.generateObject({ schema, prompt: "x" }));
    expect(result).toMatchObject({ object: { a: 1 }, provider: "b" });
    expect(result.attempts.map(({ schemaDialect }) => schemaDialect)).toEqual(["prompt", "strict"]);
  });
});

describe("an optional field that a vendor rejects is omitted:", () => {
  it("once, with a warning", async () => {
    const bed = testBed({ a: [refuse("field", "temperature"), { text: "fine" }] });
    const result = await bed.value(bed.llm.generateText({ prompt: "x", temperature: 1 }));
    expect(result).toMatchObject({
      text: "fine",
      warnings: ['a/a-model refused "temperature": repeated without it'],
    });
    expect(bed.provider("a").calls.map(({ request }) => request.without)).toEqual([undefined, ["temperature"]]);
  });

  it("the same field is omitted once at most", async () => {
    const bed = testBed({ a: [refuse("field", "seed"), refuse("field", "seed")], b: { text: "fine" } });
    const result = await bed.value(bed.llm.generateText({ prompt: "x", seed: 1 }));
    expect(result.attempts.map(({ provider }) => provider)).toEqual(["a", "a", "b"]);
    expect(bed.provider("b").calls[0]?.request.without).toBeUndefined();
  });

  it("at most four fields", async () => {
    const fields = ["a", "b", "c", "d", "e"].map((field) => refuse("field", field));
    const bed = testBed({ a: fields, b: { text: "fine" } });
    const result = await bed.value(bed.llm.generateText({ prompt: "x" }));
    expect(result.attempts.map(({ provider }) => provider)).toEqual(["a", "a", "a", "a", "a", "b"]);
  });
});

it("the format of a text call is simplified, too, at last to instructions in the prompt", async () => {
  const responseFormat = { type: "json-schema", name: "answer", schema: schema.jsonSchema, strict: true } as const;
  const bed = testBed({ a: [refuse("strict"), refuse("schema"), refuse("format"), answer] });
  const { text } = await bed.value(bed.llm.generateText({ prompt: "x", responseFormat }));
  expect(text).toBe('{"a":1}');
  const requests = bed.provider("a").calls.map(({ request }) => request);
  expect(requests.map(({ responseFormat: format }) => format)).toEqual([
    responseFormat,
    { ...responseFormat, strict: false },
    { type: "json" },
    undefined,
  ]);
  expect(requests.at(-1)?.messages[0]).toMatchObject({
    role: "system",
    content: expect.stringContaining('"type":"object"'),
  });
});

it("a tool that the caller requires stays required", async () => {
  const bed = testBed({ a: [refuse("tool", "tool_choice")], b: { text: "fine" } });
  const result = await bed.value(
    bed.llm.generateText({ prompt: "x", tools: { look: { inputSchema: { type: "object" } } }, toolChoice: "required" }),
  );
  expect(result.attempts.map(({ provider }) => provider)).toEqual(["a", "b"]);
});
