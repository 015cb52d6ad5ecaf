import { expect, it } from "vitest";
import type { Fields } from "../fields.ts";
import { SHARED_REFUSALS } from "../fixtures/compatible-refusals.ts";
import { exchangeRaw } from "../fixtures/exchange-raw.ts";
import { healthyChat } from "../fixtures/healthy-request.ts";
import {
  type HeaderRow,
  LONG,
  type Row,
  schemaFormat,
  simulatorForTests,
  strictObjectSchema,
  testRefusals,
  tool,
  user,
} from "../fixtures/refusal-rows.ts";

const PROVIDER = "openai";
const simulator = simulatorForTests({ limits: { openai: { "gpt-4o-mini": { contextTokens: 50 } } } });

const ROWS: readonly Row[] = [
  ...SHARED_REFUSALS,
  ["an unknown model", { model: "gpt-7" }, 404, '"code":"model_not_found"'],
  ["a retired model", { model: "gpt-4.5-preview" }, 404, "does not exist or you do not have access to it"],
  ["an unknown field", { top_k: 5 }, 400, "Unknown parameter: 'top_k'."],
  ["another vendor's field", { chat_template_kwargs: {} }, 400, '"code":"unknown_parameter"'],
  [
    "an unknown field of a message",
    { messages: [user, { role: "assistant", content: "x", reasoning: "y" }, user] },
    400,
    "Unknown parameter: 'messages[1].reasoning'.",
  ],
  ["max_tokens", { max_tokens: 10 }, 400, "Use 'max_completion_tokens' instead."],
  ["too many tokens", { max_completion_tokens: 200_000 }, 400, "supports at most 128000 completion tokens"],
  [
    "too many tokens of an older model",
    { model: "gpt-4o-mini", max_tokens: 20_000 },
    400,
    "max_tokens is too large: 20000",
  ],
  ["a temperature", { temperature: 0.7 }, 400, "Only the default (1) value is supported."],
  ["top_p", { top_p: 0.9 }, 400, "'top_p'"],
  ["a penalty", { presence_penalty: 0.5 }, 400, "'presence_penalty' is not supported with this model"],
  [
    "tools while it reasons",
    { tools: [tool()] },
    400,
    "Function tools with reasoning_effort are not supported for gpt-6-luna",
  ],
  ["tools with an effort", { tools: [tool()], reasoning_effort: "low" }, 400, '"param":"reasoning_effort"'],
  [
    "an effort of an older model",
    { model: "gpt-4o-mini", reasoning_effort: "low" },
    400,
    "Unrecognized request argument supplied: reasoning_effort",
  ],
  ["an effort it does not have", { model: "gpt-5-mini", reasoning_effort: "none" }, 400, "Supported values are"],
  ["stop on o3", { model: "o3", stop: "x" }, 400, "'stop' is not supported"],
  ["an unknown service tier", { service_tier: "slow" }, 400, "Invalid value: 'slow'"],
  [
    "a prompt that is too long",
    { model: "gpt-4o-mini", messages: [{ role: "user", content: LONG }] },
    400,
    "This model's maximum context length is 50 tokens. However, your messages resulted in",
  ],
  [
    "a strict schema of a list",
    schemaFormat({ type: "array", items: {} }),
    400,
    "schema must be a JSON Schema of 'type: ",
  ],
  [
    "a strict schema with an optional field",
    schemaFormat(strictObjectSchema({ a: {}, b: {} }, { required: ["a"] })),
    400,
    "Missing 'b'.",
  ],
  [
    "a strict schema that is open",
    schemaFormat({ type: "object", properties: {}, required: [] }),
    400,
    "'additionalProperties' is required to be supplied and to be false.",
  ],
  [
    "a strict schema that is open below",
    schemaFormat(strictObjectSchema({ a: { type: "array", items: { type: "object" } } })),
    400,
    "In context=('properties', 'a', 'items')",
  ],
  [
    "a strict schema with a length",
    schemaFormat(strictObjectSchema({ a: { type: "string", minLength: 3 } })),
    400,
    "'minLength' is not permitted.",
  ],
  [
    "a strict schema with allOf",
    schemaFormat(strictObjectSchema({ a: { allOf: [] } })),
    400,
    "'allOf' is not permitted.",
  ],
  [
    "a strict tool that is open",
    { reasoning_effort: "none", tools: [tool("look", { type: "object", properties: {} }, { strict: true })] },
    400,
    "Invalid schema for function 'look'",
  ],
  [
    "a bad image URL",
    { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "a.png" } }] }] },
    400,
    "Invalid image URL",
  ],
];

const HEADER_ROWS: readonly HeaderRow[] = [
  ["no key", { authorization: null }, 401, "You didn't provide an API key"],
  ["a wrong key", { authorization: "Bearer sk-wrong-key-0001" }, 401, "Incorrect API key provided: sk-w****0001"],
  ["a W&B project", { "openai-project": "team/project" }, 401, '"code":"mismatched_project"'],
  ["an odd organization", { "openai-organization": "team" }, 401, '"code":"mismatched_organization"'],
];

testRefusals(simulator, PROVIDER, ROWS, HEADER_ROWS);

const accepted = async (fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<void> => {
  const reply = await exchangeRaw(healthyChat(simulator(), PROVIDER, fields, headers));
  expect(reply.status, reply.text).toBe(200);
};

it("accepts temperature and tools without reasoning, and max_tokens on an older model", async () => {
  await accepted({ reasoning_effort: "none", temperature: 0.3, tools: [tool()] });
  await accepted({ model: "gpt-4o-mini", temperature: 0.3, max_tokens: 20, tools: [tool()], messages: [user] });
});

it("accepts a project id of OpenAI", () =>
  accepted({}, { "openai-project": "proj_abc", "openai-organization": "org-abc" }));
