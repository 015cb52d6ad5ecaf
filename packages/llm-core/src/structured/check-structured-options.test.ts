import { describe, expect, it } from "vitest";
import * as z from "zod";
import { isLLMError } from "../errors/llm-error.ts";
import { testBed } from "../test-support/test-bed.ts";
import "./array/generate-array.ts";
import "./object/generate-object.ts";

const element = z.object({ id: z.string() });
const idOf = ({ id }: { id: string }) => id;
const prompt = "Go.";

describe("invalid_input before any request", () => {
  const arrays: readonly [name: string, options: object, path: string][] = [
    ["no element", { prompt }, "element"],
    ["no prompt", { element }, "prompt"],
    ["an empty array request", { element, prompt, expected: { ids: [], idOf } }, "expected.ids"],
    ["duplicate ids", { element, prompt, expected: { ids: ["a", "b", "a"], idOf } }, "expected.ids[2]"],
    ["an id of another type", { element, prompt, expected: { ids: ["a", null], idOf } }, "expected.ids[1]"],
    ["no idOf", { element, prompt, expected: { ids: ["a"] } }, "expected.idOf"],
    ["a count of nothing", { element, prompt, expected: { count: 0 } }, "expected.count"],
    ["half an element", { element, prompt, expected: { count: 1.5 } }, "expected.count"],
    ["an element limit below one", { element, prompt, elementsPerRequest: 0 }, "elementsPerRequest"],
    ["fewer than no re-asks", { element, prompt, maxReasks: -1 }, "maxReasks"],
    ["tools with an array", { element, prompt, tools: {} }, "tools"],
    ["a schema that JSON cannot express", { element: z.symbol(), prompt }, "element"],
  ];
  it.each(arrays)("array: %s", async (_, options, path) => {
    const bed = testBed({ a: {} });
    const error = await bed.error(bed.llm.generateArray(options as Parameters<typeof bed.llm.generateArray>[0]));
    expect(isLLMError(error, "invalid_input") && error.path).toBe(path);
    expect(bed.called).toEqual([]);
  });

  const objects: readonly [name: string, options: object, path: string][] = [
    ["no schema", { prompt }, "schema"],
    ["no schema but a string", { schema: "object", prompt }, "schema"],
    [
      "a forced tool",
      { schema: element, prompt, tools: { t: { inputSchema: {} } }, toolChoice: "required" },
      "toolChoice",
    ],
    ["a format of its own", { schema: element, prompt, responseFormat: { type: "json" } }, "responseFormat"],
    ["hedging", { schema: element, prompt, hedge: true }, "hedge"],
    ["a schema that is none", { schema: {}, prompt }, "schema"],
  ];
  it.each(objects)("object: %s", async (_, options, path) => {
    const bed = testBed({ a: {} });
    const error = await bed.error(bed.llm.generateObject(options as Parameters<typeof bed.llm.generateObject>[0]));
    expect(isLLMError(error, "invalid_input") && error.path).toBe(path);
    expect(bed.called).toEqual([]);
  });

  it("streams throw at once", () => {
    const { llm } = testBed({ a: {} });
    expect(() => llm.streamArray({ element, prompt, expected: { count: 0 } })).toThrow(/expected.count/);
    expect(() => llm.streamObject({ schema: element } as Parameters<typeof llm.streamObject>[0])).toThrow(/prompt/);
  });

  it("a closed client throws closed", async () => {
    const bed = testBed({ a: {} });
    await bed.llm.close();
    expect((await bed.error(bed.llm.generateArray({ element, prompt }))).code).toBe("closed");
    expect(() => bed.llm.streamObject({ schema: element, prompt })).toThrow(/closed/);
  });
});
