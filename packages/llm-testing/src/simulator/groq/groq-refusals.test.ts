import { expect, it } from "vitest";
import type { Fields } from "../fields.ts";
import { SHARED_REFUSALS } from "../fixtures/compatible-refusals.ts";
import { exchangeRaw } from "../fixtures/exchange-raw.ts";
import { healthyChat } from "../fixtures/healthy-request.ts";
import {
  type HeaderRow,
  image,
  LONG,
  type Row,
  schemaFormat,
  simulatorForTests,
  strictObjectSchema,
  testRefusals,
  tool,
  user,
} from "../fixtures/refusal-rows.ts";

const PROVIDER = "groq";
const simulator = simulatorForTests({ limits: { groq: { "openai/gpt-oss-20b": { contextTokens: 50 } } } });

const ROWS: readonly Row[] = [
  ...SHARED_REFUSALS,
  ["an unknown model", { model: "gpt-6-luna" }, 404, '"code":"model_not_found"'],
  [
    "a model that is gone",
    { model: "llama-3.3-70b-versatile" },
    404,
    "does not exist or you do not have access to it.",
  ],
  ["a decommissioned model", { model: "mixtral-8x7b-32768" }, 400, '"code":"model_decommissioned"'],
  ["an unknown field", { top_k: 5 }, 400, "property 'top_k' is unsupported"],
  [
    "an unknown field of a message",
    { messages: [user, { role: "assistant", content: "x", refusal: null }, user] },
    400,
    "'messages.1' : property 'refusal' is unsupported",
  ],
  ["the developer role", { messages: [{ role: "developer", content: "x" }, user] }, 400, "Invalid value: 'developer'"],
  ["two answers", { n: 2 }, 400, "number must be at most 1"],
  ["a penalty", { frequency_penalty: 0.7 }, 400, "`frequency_penalty` is not supported"],
  ["logprobs", { logprobs: true }, 400, "`logprobs` is not supported"],
  ["an effort it does not have", { reasoning_effort: "none" }, 400, "`reasoning_effort` must be one of `low`"],
  [
    "an effort of a model that does not reason",
    { model: "groq/compound", reasoning_effort: "low" },
    400,
    "not supported with this model",
  ],
  ["two ways to show reasoning", { include_reasoning: true, reasoning_format: "parsed" }, 400, "cannot specify both"],
  ["an OpenAI service tier", { service_tier: "priority" }, 400, "Invalid value: 'priority'"],
  ["too many tokens", { max_completion_tokens: 70_000 }, 400, "must be less than or equal to `65536`"],
  ["an image to a text model", { messages: [image] }, 400, "messages[0].content must be a string"],
  [
    "a schema while it streams",
    { ...schemaFormat(strictObjectSchema({})), stream: true },
    400,
    "does not support streaming",
  ],
  [
    "a schema with tools",
    { ...schemaFormat(strictObjectSchema({})), tools: [tool()] },
    400,
    "cannot be combined with tool calling",
  ],
  [
    "a schema for a model without",
    { ...schemaFormat(strictObjectSchema({})), model: "qwen/qwen3.6-27b" },
    400,
    "does not support response format `json_schema`",
  ],
  [
    "a strict schema for a best-effort model",
    { ...schemaFormat(strictObjectSchema({})), model: "openai/gpt-oss-safeguard-20b" },
    400,
    "`strict: true`",
  ],
  [
    "a strict schema that is open",
    schemaFormat({ type: "object", properties: {}, required: [] }),
    400,
    "`additionalProperties:false` must be set on every object",
  ],
  [
    "a strict schema with an optional field",
    schemaFormat(strictObjectSchema({ a: {} }, { required: [] })),
    400,
    "missing 'a'",
  ],
  [
    "a strict schema with minItems",
    schemaFormat(strictObjectSchema({ a: { type: "array", items: {}, minItems: 2 } })),
    400,
    "minItems is not supported",
  ],
  [
    "a prompt that is too long",
    { model: "openai/gpt-oss-20b", messages: [{ role: "user", content: LONG }] },
    400,
    '"code":"context_length_exceeded"',
  ],
];

const HEADER_ROWS: readonly HeaderRow[] = [
  ["no key", { authorization: null }, 401, '"code":"invalid_api_key"'],
  ["another vendor's key", { authorization: "Bearer sk-proj-x" }, 401, "Invalid API Key"],
];

testRefusals(simulator, PROVIDER, ROWS, HEADER_ROWS);

const accepted = async (fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<void> => {
  const reply = await exchangeRaw(healthyChat(simulator(), PROVIDER, fields, headers));
  expect(reply.status, reply.text).toBe(200);
};

it("accepts a non-strict schema without streaming, and JSON mode with streaming", async () => {
  await accepted(schemaFormat({ type: "object", properties: { a: {} } }, false));
  await accepted({ messages: [user], response_format: { type: "json_object" }, stream: true });
});
