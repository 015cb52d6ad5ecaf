import type { ModelCapabilities, ModelRequest } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { type ModelWire, PLAIN_TRAITS } from "../model-traits.ts";
import { toRequestBody } from "./to-request-body.ts";

const HI: ModelRequest = { model: "a/b:c", messages: [{ role: "user", content: "Hi" }] };
const WIRE_HI = [{ role: "user", content: "Hi" }];
const SCHEMA = { type: "object", properties: {}, additionalProperties: false };
const TOOLS = { buy: { description: "Buys", inputSchema: SCHEMA, strict: true }, wait: { inputSchema: SCHEMA } };

interface Case {
  readonly request?: Partial<ModelRequest>;
  readonly wire?: Partial<ModelWire>;
  readonly capabilities?: Partial<ModelCapabilities>;
  readonly stream?: boolean;
}

const bodyOf = ({ request, wire, capabilities, stream = false }: Case) =>
  toRequestBody(
    { ...HI, ...request },
    {
      provider: "acme",
      stream,
      traits: {
        capabilities: { ...PLAIN_TRAITS.capabilities, ...capabilities },
        wire: { ...PLAIN_TRAITS.wire, ...wire },
      },
    },
  );

test.each<[string, Case, object]>([
  ["only required fields", {}, {}],
  ["a stream with usage", { stream: true }, { stream: true, stream_options: { include_usage: true } }],
  ["a stream of a vendor that always reports usage", { stream: true, wire: { streamOptions: null } }, { stream: true }],
  [
    "every plain option",
    { request: { temperature: 0.5, topP: 0.9, maxOutputTokens: 100, stopSequences: ["END"], seed: 7 } },
    { temperature: 0.5, top_p: 0.9, max_tokens: 100, stop: ["END"], seed: 7 },
  ],
  ["zero values", { request: { temperature: 0, seed: 0 } }, { temperature: 0, seed: 0 }],
  [
    "the other name of the limit",
    { request: { maxOutputTokens: 100 }, wire: { limitField: "max_completion_tokens" } },
    { max_completion_tokens: 100 },
  ],
  [
    "tools",
    { request: { tools: TOOLS, toolChoice: "required" } },
    {
      tools: [
        { type: "function", function: { name: "buy", description: "Buys", parameters: SCHEMA, strict: true } },
        { type: "function", function: { name: "wait", parameters: SCHEMA } },
      ],
      tool_choice: "required",
    },
  ],
  [
    "a named tool",
    { request: { tools: { wait: { inputSchema: SCHEMA } }, toolChoice: { tool: "wait" } } },
    {
      tools: [{ type: "function", function: { name: "wait", parameters: SCHEMA } }],
      tool_choice: { type: "function", function: { name: "wait" } },
    },
  ],
  ["no tools", { request: { tools: {}, toolChoice: "auto" } }, {}],
  [
    "a strict schema",
    { request: { responseFormat: { type: "json-schema", name: "post", schema: SCHEMA, strict: true } } },
    { response_format: { type: "json_schema", json_schema: { name: "post", strict: true, schema: SCHEMA } } },
  ],
  [
    "a schema on a model without strict schemas",
    {
      request: { responseFormat: { type: "json-schema", name: "post", schema: SCHEMA, strict: true } },
      capabilities: { schema: ["loose", "prompt"] },
    },
    { response_format: { type: "json_schema", json_schema: { name: "post", strict: false, schema: SCHEMA } } },
  ],
  ["an effort", { request: { reasoningEffort: "low" } }, { reasoning_effort: "low" }],
  [
    "an effort as a switch, on",
    { request: { reasoningEffort: "low" }, wire: { effortField: "enable_thinking" } },
    { chat_template_kwargs: { enable_thinking: true } },
  ],
  [
    "an effort as a switch, off",
    { request: { reasoningEffort: "none" }, wire: { effortField: "enable_thinking" } },
    { chat_template_kwargs: { enable_thinking: false } },
  ],
  [
    "an effort with tools on a model that does not support both",
    {
      request: { reasoningEffort: "high", tools: { wait: { inputSchema: SCHEMA } } },
      wire: { toolsNeedEffortNone: true },
    },
    { reasoning_effort: "none", tools: [{ type: "function", function: { name: "wait", parameters: SCHEMA } }] },
  ],
  [
    "an effort without tools on such a model",
    { request: { reasoningEffort: "high" }, wire: { toolsNeedEffortNone: true } },
    { reasoning_effort: "high" },
  ],
  ["constant fields of a model", { wire: { body: { reasoning_format: "parsed" } } }, { reasoning_format: "parsed" }],
  [
    "the caller's own fields, merged",
    {
      stream: true,
      request: {
        temperature: 1,
        providerOptions: { body: { temperature: 0, service_tier: "flex", stream_options: { extra: 1 } } },
      },
    },
    { temperature: 0, service_tier: "flex", stream: true, stream_options: { include_usage: true, extra: 1 } },
  ],
  [
    "fields that the caller cannot change",
    {
      request: { providerOptions: { body: { model: "dear", stream: true, stream_options: { include_usage: true } } } },
    },
    {},
  ],
])("%s", (_, given, expected) => {
  expect(bodyOf(given)).toEqual({ model: "a/b:c", messages: WIRE_HI, stream: false, ...expected });
});

test("JSON mode mentions JSON where no message does", () => {
  const responseFormat = { type: "json" } as const;
  expect(bodyOf({ request: { responseFormat } })).toMatchObject({
    response_format: { type: "json_object" },
    messages: [{ role: "system", content: "Answer with JSON." }, ...WIRE_HI],
  });
  const rules = { role: "system", content: "Be brief." } as const;
  expect(bodyOf({ request: { responseFormat, messages: [rules, ...HI.messages] } }).messages).toEqual([
    rules,
    { role: "system", content: "Answer with JSON." },
    ...WIRE_HI,
  ]);
  const message = { role: "user", content: "As json, please" } as const;
  expect(bodyOf({ request: { responseFormat, messages: [message] } }).messages).toEqual([message]);
});
