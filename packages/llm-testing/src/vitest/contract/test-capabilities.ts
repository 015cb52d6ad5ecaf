import {
  isLLMError,
  type JsonObject,
  type ModelCapabilities,
  type ModelRequest,
  type SchemaDialect,
} from "@babylon/llm-core";
import { expect, type TestContext } from "vitest";
import type { ContractBench } from "./contract-bench.ts";

const schema: JsonObject = {
  type: "object",
  properties: {
    mood: { type: "string", enum: ["calm", "stormy"] },
    tags: { type: "array", items: { type: "string" } },
  },
  required: ["mood", "tags"],
  additionalProperties: false,
};

/** An image of one pixel. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const said = [{ role: "user", content: "Say something, as JSON." }] as const;

/** The requests that a model with the given capabilities must accept. */
function promised(capabilities: ModelCapabilities): readonly (readonly [string, Partial<ModelRequest>])[] {
  const asks: [string, Partial<ModelRequest>][] = [["a limit", { maxOutputTokens: 200 }]];
  const tools = { look_up: { inputSchema: { type: "object", properties: {} } } };
  if (capabilities.maxOutputTokens !== null && capabilities.maxOutputTokens < (capabilities.contextTokens ?? 0) / 2) {
    asks.push(["the largest limit", { maxOutputTokens: capabilities.maxOutputTokens }]);
  }
  if (capabilities.sampling)
    asks.push(["sampling", { temperature: 0.7, topP: 0.9 }], ["a temperature of 0", { temperature: 0 }]);
  if (capabilities.seed) asks.push(["a seed", { seed: 7 }]);
  if (capabilities.stopSequences) asks.push(["stop sequences", { stopSequences: ["END", "STOP"] }]);
  for (const reasoningEffort of capabilities.reasoningEffort)
    asks.push([`effort ${reasoningEffort}`, { reasoningEffort }]);
  if (capabilities.tools) asks.push(["tools", { tools, toolChoice: "auto" }]);
  if (capabilities.forcedToolChoice) asks.push(["a forced tool", { tools, toolChoice: { tool: "look_up" } }]);
  if (capabilities.schemaWithTools && capabilities.schema.includes("strict")) {
    asks.push(["a schema with tools", { tools, ...formOf("strict") }]);
  }
  if (capabilities.images) {
    const image = { type: "image", data: PNG, mediaType: "image/png" } as const;
    asks.push(["an image", { messages: [{ role: "user", content: [{ type: "text", text: "What is it?" }, image] }] }]);
  }
  if (capabilities.assistantPrefill) {
    asks.push(["a prefill", { messages: [...said, { role: "assistant", content: "The answer is " }] }]);
  }
  return asks;
}

const formOf = (dialect: SchemaDialect): Partial<ModelRequest> => {
  if (dialect === "json-mode") return { messages: said, responseFormat: { type: "json" } };
  const responseFormat = { type: "json-schema", name: "answer", schema, strict: dialect === "strict" } as const;
  return { messages: said, responseFormat };
};

/** Every known model of the provider accepts the requests that its capabilities allow. */
export function testCapabilities(bench: ContractBench): void {
  const { test } = bench;
  const provider = bench.provider();
  const models = new Set([bench.model, ...provider.models.map(({ id }) => id)]);

  for (const model of models) {
    const capabilities = provider.capabilities(model);

    test(`${model} accepts requests within its capabilities`, async (context) => {
      await expectServed(bench, model, context);
      for (const [name, fields] of promised(capabilities)) {
        const { error, response } = await bench.collect(bench.request({ model, ...fields }));
        expect([name, messageOf(error)]).toEqual([name, null]);
        expect(response?.finishReason, name).toMatch(/stop|tool-calls|length/);
      }
    });

    test(`${model} returns JSON in each dialect of its capabilities`, async (context) => {
      await expectServed(bench, model, context);
      for (const dialect of capabilities.schema) {
        if (dialect === "tool" || dialect === "prompt") continue;
        const ask = bench.request({ model, ...formOf(dialect) });
        const whole = await bench.provider().generate(ask, bench.context());
        expect(typeof JSON.parse(whole.text), dialect).toBe("object");
        if (dialect === "json-mode") await expectJSONUnasked(bench, model);
        if (dialect === "json-mode" || !capabilities.schemaWithStreaming) continue;
        const { error, response } = await bench.collect(ask);
        expect([dialect, messageOf(error)]).toEqual([dialect, null]);
        expect(response?.text).toBe(whole.text);
      }
    });
  }

  if (provider.listModels !== undefined) {
    test("lists the models that the vendor serves", async () => {
      const listed = await bench.provider().listModels?.(bench.context());
      expect(listed?.map(({ id }) => id)).toContain(bench.model);
      for (const { id, name } of listed ?? []) expect([id, name]).not.toContain("");
    });
  }
}

/**
 * A custom server may lack models, which are skipped by name. The simulator must have all of them, so that every row of a provider's table is
 * tested.
 */
async function expectServed(bench: ContractBench, model: string, context: TestContext): Promise<void> {
  const { error } = await bench.collect(bench.request({ model }));
  if (!isLLMError(error, "model_not_found")) return;
  if (bench.wire === null) context.skip("the server does not serve this model");
  expect.fail(`the simulator of ${bench.wire} does not serve ${model}, which the provider lists`);
}

/** Vendors refuse JSON mode if no message mentions JSON, and core does not add it. */
async function expectJSONUnasked(bench: ContractBench, model: string): Promise<void> {
  const messages = [{ role: "user", content: "Say something." }] as const;
  const whole = await bench
    .provider()
    .generate(bench.request({ model, messages, responseFormat: { type: "json" } }), bench.context());
  expect(typeof JSON.parse(whole.text)).toBe("object");
}

const messageOf = (error: unknown): string | null => (error === null ? null : String(error));
