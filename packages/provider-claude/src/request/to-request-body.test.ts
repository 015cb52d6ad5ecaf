import type { MessageCreateParams } from "@anthropic-ai/sdk/resources/messages";
import type { JsonObject, ModelRequest } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { MODEL_FACTS } from "../models.ts";
import { toRequestBody } from "./to-request-body.ts";

const MODEL = "claude-sonnet-5-5";
const MESSAGES = [{ role: "user", content: "Hi" }] as const;
const SCHEMA: JsonObject = { type: "object", properties: {}, additionalProperties: false };
const BASE = {
  model: MODEL,
  stream: false,
  max_tokens: 32_000,
  messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
};

interface Row {
  readonly name: string;
  readonly request: Partial<ModelRequest>;
  readonly expected: Partial<MessageCreateParams>;
  readonly stream?: boolean;
}

const ROWS: readonly Row[] = [
  { name: "only a prompt", request: {}, expected: {} },
  { name: "a stream", request: {}, stream: true, expected: { stream: true } },
  {
    name: "sampling options and a seed are never sent",
    request: { temperature: 0.5, topP: 0.9, seed: 7 },
    expected: {},
  },
  { name: "a limit", request: { maxOutputTokens: 100 }, expected: { max_tokens: 100 } },
  { name: "a limit above the model's", request: { maxOutputTokens: 1_000_000 }, expected: { max_tokens: 128_000 } },
  {
    name: "a limit for an unknown model",
    request: { model: "claude-new-6", maxOutputTokens: 500_000 },
    expected: { model: "claude-new-6", max_tokens: 500_000 },
  },
  { name: "stop sequences", request: { stopSequences: ["END"] }, expected: { stop_sequences: ["END"] } },
  { name: "no stop sequences", request: { stopSequences: [] }, expected: {} },
  {
    name: "tools",
    request: {
      tools: {
        look: { description: "Looks", inputSchema: SCHEMA, strict: true },
        wait: { inputSchema: { type: "object" } },
      },
      toolChoice: "auto",
    },
    expected: {
      tools: [
        {
          name: "look",
          description: "Looks",
          input_schema: { type: "object", properties: {}, additionalProperties: false },
          strict: true,
        },
        { name: "wait", input_schema: { type: "object" } },
      ],
      tool_choice: { type: "auto" },
    },
  },
  {
    name: "tool choice none",
    request: { tools: { wait: { inputSchema: { type: "object" } } }, toolChoice: "none" },
    expected: { tools: [{ name: "wait", input_schema: { type: "object" } }], tool_choice: { type: "none" } },
  },
  {
    name: "tool choice required",
    request: { tools: { wait: { inputSchema: { type: "object" } } }, toolChoice: "required" },
    expected: { tools: [{ name: "wait", input_schema: { type: "object" } }], tool_choice: { type: "any" } },
  },
  {
    name: "a named tool",
    request: { tools: { wait: { inputSchema: { type: "object" } } }, toolChoice: { tool: "wait" } },
    expected: {
      tools: [{ name: "wait", input_schema: { type: "object" } }],
      tool_choice: { type: "tool", name: "wait" },
    },
  },
  { name: "a choice without tools", request: { tools: {}, toolChoice: "required" }, expected: {} },
  {
    name: "a schema, without name and strict",
    request: { responseFormat: { type: "json-schema", name: "answer", schema: SCHEMA, strict: true } },
    expected: {
      output_config: {
        format: { type: "json_schema", schema: { type: "object", properties: {}, additionalProperties: false } },
      },
    },
  },
  {
    name: "JSON without a schema, which has no mode",
    request: { responseFormat: { type: "json" } },
    expected: {},
  },
  { name: "effort", request: { reasoningEffort: "xhigh" }, expected: { output_config: { effort: "xhigh" } } },
  {
    name: "no thinking on Sonnet 5.5",
    request: { reasoningEffort: "none" },
    expected: { thinking: { type: "between_tools" } },
  },
  {
    name: "no thinking on Haiku 5.5",
    request: { model: "claude-haiku-5-5", reasoningEffort: "none" },
    expected: { model: "claude-haiku-5-5", thinking: { type: "disabled" } },
  },
  {
    name: "no thinking on a model that always thinks",
    request: { model: "claude-opus-5-5", reasoningEffort: "none" },
    expected: { model: "claude-opus-5-5" },
  },
  {
    name: "the caller's own fields, merged into the body",
    request: {
      reasoningEffort: "low",
      responseFormat: { type: "json-schema", name: "answer", schema: {}, strict: true },
      providerOptions: { body: { service_tier: "standard_only", output_config: { effort: "max" }, max_tokens: 5 } },
    },
    expected: {
      max_tokens: 5,
      service_tier: "standard_only",
      output_config: { effort: "max", format: { type: "json_schema", schema: {} } },
    },
  },
  {
    name: "but not the model and not the stream field",
    request: { providerOptions: { body: { model: "claude-opus-5-5", stream: true } } },
    expected: {},
  },
];

function bodyOf(
  request: Omit<ModelRequest, "model"> & { readonly model?: string },
  provider = "claude",
  stream = false,
) {
  const full = { model: MODEL, ...request };
  return toRequestBody(full, { provider, traits: MODEL_FACTS.traitsOf(full.model), stream });
}

test.each(ROWS)("$name", ({ request, stream = false, expected }) => {
  expect(bodyOf({ messages: MESSAGES, ...request }, "claude", stream)).toEqual({
    ...BASE,
    ...expected,
  });
});

test("the system text is a separate field", () => {
  const messages = [{ role: "system", content: "Be brief." }, ...MESSAGES] as const;
  expect(bodyOf({ messages })).toEqual({ ...BASE, system: "Be brief." });
});

test("message options apply for the provider's id only", () => {
  const body = { cache_control: { type: "ephemeral" } } as const;
  const messages = [{ role: "user", content: "Hi", providerOptions: { "claude-small": { body } } }] as const;
  expect(bodyOf({ messages })).toEqual(BASE);
  expect(JSON.stringify(bodyOf({ messages }, "claude-small"))).toContain("ephemeral");
});
