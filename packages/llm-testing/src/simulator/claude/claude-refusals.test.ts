import { expect, it } from "vitest";
import type { Fields } from "../fields.ts";
import { exchangeRaw } from "../fixtures/exchange-raw.ts";
import { healthyChat } from "../fixtures/healthy-request.ts";
import {
  type HeaderRow,
  LONG,
  type Row,
  simulatorForTests,
  strictObjectSchema,
  testRefusals,
  tool,
  user,
} from "../fixtures/refusal-rows.ts";

const PROVIDER = "claude";
const simulator = simulatorForTests({ limits: { claude: { "claude-haiku-5-5": { contextTokens: 50 } } } });

const claudeTool = (more: Fields = {}): Fields => ({
  name: "look",
  input_schema: { type: "object", properties: {} },
  ...more,
});
const output = (schema: unknown): Fields => ({ output_config: { format: { type: "json_schema", schema } } });
const turn = (...content: Fields[]): Fields => ({ role: "user", content });
const said = (...content: Fields[]): Fields => ({ role: "assistant", content });
const use = (id: string): Fields => ({ type: "tool_use", id, name: "look", input: {} });
const result = (id: string): Fields => ({ type: "tool_result", tool_use_id: id, content: "x" });
const text = (value: string): Fields => ({ type: "text", text: value });

const ROWS: readonly Row[] = [
  ["no max_tokens", { max_tokens: undefined }, 400, "max_tokens: Field required"],
  ["max_tokens of 0", { max_tokens: 0 }, 400, "must be greater than or equal to 1"],
  [
    "too many tokens",
    { max_tokens: 200_000 },
    400,
    "200000 > 128000, which is the maximum allowed number of output tokens for claude-sonnet-5-5",
  ],
  ["no model", { model: undefined }, 400, "model: Field required"],
  ["an unknown model", { model: "gpt-6-luna" }, 404, '"type":"not_found_error"'],
  ["a retired model", { model: "claude-3-5-sonnet-20241022" }, 404, "model: claude-3-5-sonnet-20241022"],
  ["a temperature", { temperature: 1 }, 400, "temperature: Extra inputs are not permitted"],
  ["top_p", { top_p: 0.9 }, 400, "top_p"],
  ["top_k", { top_k: 5 }, 400, "top_k"],
  ["an unknown field", { seed: 5 }, 400, "seed: Extra inputs are not permitted"],
  [
    "OpenAI's response format",
    { response_format: { type: "json_object" } },
    400,
    "response_format: Extra inputs are not permitted",
  ],
  ["no messages", { messages: undefined }, 400, "messages: Field required"],
  ["an empty list of messages", { messages: [] }, 400, "at least one message is required"],
  ["a system message", { messages: [{ role: "system", content: "x" }, user] }, 400, "top-level `system` parameter"],
  ["a tool message", { messages: [{ role: "tool", content: "x" }] }, 400, "Input should be 'user' or 'assistant'"],
  [
    "an assistant first",
    { messages: [{ role: "assistant", content: "x" }, user] },
    400,
    'first message must use the \\"user\\" role',
  ],
  [
    "a message without content",
    { messages: [{ role: "user", content: "" }] },
    400,
    "all messages must have non-empty content",
  ],
  ["an empty text", { messages: [turn(text(""))] }, 400, "text content blocks must be non-empty"],
  [
    "an unknown field of a message",
    { messages: [{ ...user, name: "x" }] },
    400,
    "messages.0.name: Extra inputs are not permitted",
  ],
  [
    "an unknown block",
    { messages: [turn({ type: "image_url", image_url: {} })] },
    400,
    "does not match any of the expected tags",
  ],
  [
    "an unknown field of a block",
    { messages: [turn({ ...text("x"), mood: "good" })] },
    400,
    "text.mood: Extra inputs are not permitted",
  ],
  [
    "a plain http image",
    { messages: [turn({ type: "image", source: { type: "url", url: "http://example.com/a.png" } })] },
    400,
    "Only HTTPS URLs",
  ],
  [
    "an image of no image type",
    { messages: [turn({ type: "image", source: { type: "base64", media_type: "text/plain", data: "AAAA" } })] },
    400,
    "media_type",
  ],
  [
    "a document of the assistant",
    {
      messages: [user, said({ type: "document", source: { type: "text", media_type: "text/plain", data: "x" } }), user],
    },
    400,
    "are not permitted in `assistant` messages",
  ],
  [
    "a prefill",
    { messages: [user, { role: "assistant", content: "The answer is" }] },
    400,
    "does not support assistant message prefill",
  ],
  [
    "a prefill that ends in a blank",
    { model: "claude-haiku-4-5", messages: [user, { role: "assistant", content: "The answer is " }] },
    400,
    "trailing whitespace",
  ],
  [
    "a call without a result",
    { messages: [user, said(use("a")), user] },
    400,
    "`tool_use` ids were found without `tool_result` blocks immediately after: a",
  ],
  [
    "a result behind other content",
    { messages: [user, said(use("a")), turn(text("x"), result("a"))] },
    400,
    "immediately after: a",
  ],
  [
    "a result without a call",
    { messages: [turn(result("a"))] },
    400,
    "unexpected `tool_use_id` found in `tool_result` blocks: a",
  ],
  [
    "a tool id with a dot",
    { messages: [user, said(use("a.b")), turn(result("a.b"))] },
    400,
    "String should match pattern",
  ],
  [
    "arguments that are no object",
    { messages: [user, said({ ...use("a"), input: "x" }), turn(result("a"))] },
    400,
    "Input should be an object",
  ],
  [
    "foreign thinking",
    { messages: [user, said({ type: "thinking", thinking: "hm", signature: "AAAA" }, text("x")), user] },
    400,
    "Invalid `signature` in `thinking` block",
  ],
  [
    "foreign redacted thinking",
    { messages: [user, said({ type: "redacted_thinking", data: "AAAA" }, text("x")), user] },
    400,
    "Invalid `data` in `redacted_thinking` block",
  ],
  [
    "thinking without a signature",
    { messages: [user, said({ type: "thinking", thinking: "hm" }, text("x")), user] },
    400,
    "signature: Field required",
  ],
  [
    "a forced tool",
    { tools: [claudeTool()], tool_choice: { type: "any" } },
    400,
    "type `any` is not supported for this model",
  ],
  [
    "a named tool",
    { tools: [claudeTool()], tool_choice: { type: "tool", name: "look" } },
    400,
    "type `tool` is not supported for this model",
  ],
  ["OpenAI's tool choice", { tools: [claudeTool()], tool_choice: "auto" }, 400, "Input should be an object"],
  [
    "a tool choice without tools",
    { tool_choice: { type: "auto" } },
    400,
    "may only be specified while providing tools",
  ],
  ["OpenAI's tools", { tools: [tool()] }, 400, "Extra inputs are not permitted"],
  ["a tool without a schema", { tools: [{ name: "look" }] }, 400, "input_schema: Field required"],
  [
    "a strict tool that is open",
    { tools: [claudeTool({ strict: true })] },
    400,
    "'additionalProperties' must be explicitly set to false",
  ],
  [
    "a thinking budget",
    { thinking: { type: "enabled", budget_tokens: 2_000 } },
    400,
    "`enabled` is not supported for this model",
  ],
  [
    "a budget beside adaptive thinking",
    { thinking: { type: "adaptive", budget_tokens: 2_000 } },
    400,
    "budget_tokens: Extra inputs are not permitted",
  ],
  ["thinking turned off", { thinking: { type: "disabled" } }, 400, "`disabled` is not supported for this model"],
  [
    "a budget above the limit",
    { model: "claude-haiku-4-5", thinking: { type: "enabled", budget_tokens: 2_000 } },
    400,
    "must be greater than `thinking.budget_tokens`",
  ],
  [
    "an effort of an older model",
    { model: "claude-haiku-4-5", output_config: { effort: "low" } },
    400,
    "does not support the effort parameter",
  ],
  [
    "the effort that its model does not have yet",
    { model: "claude-opus-4-6", output_config: { effort: "xhigh" } },
    400,
    "does not support effort level 'xhigh'. Supported levels: low, medium, high, max.",
  ],
  [
    "more effort than Opus 4.5 has",
    { model: "claude-opus-4-5", output_config: { effort: "max" } },
    400,
    "does not support effort level 'max'",
  ],
  [
    "Opus 5 at full effort without thinking",
    { model: "claude-opus-5", thinking: { type: "disabled" }, output_config: { effort: "xhigh" } },
    400,
    "'xhigh' is not supported for this model while thinking is disabled",
  ],
  [
    "a budget since Opus 4.7",
    { model: "claude-opus-4-7", max_tokens: 4_000, thinking: { type: "enabled", budget_tokens: 2_000 } },
    400,
    "`enabled` is not supported for this model. Supported: `adaptive`, `disabled`.",
  ],
  [
    "adaptive thinking before Opus 4.6",
    { model: "claude-opus-4-5", thinking: { type: "adaptive" } },
    400,
    "`adaptive` is not supported for this model",
  ],
  ...["claude-opus-4-6", "claude-sonnet-4-6", "claude-opus-4-8", "claude-sonnet-5", "claude-opus-5"].map(
    (model): Row => [
      `a prefill of ${model}`,
      { model, messages: [user, { role: "assistant", content: "The answer is" }] },
      400,
      "does not support assistant message prefill",
    ],
  ),
  ["an unknown effort", { output_config: { effort: "minimal" } }, 400, "output_config.effort"],
  ["the older name of the format", { output_format: {} }, 400, "output_format: Extra inputs are not permitted"],
  [
    "a strict key on the format",
    { output_config: { format: { type: "json_schema", strict: true, schema: strictObjectSchema({}) } } },
    400,
    "strict: Extra inputs are not permitted",
  ],
  [
    "a schema that is open",
    output({ type: "object", properties: {} }),
    400,
    "'additionalProperties' must be explicitly set to false",
  ],
  [
    "a schema that says it is open",
    output(strictObjectSchema({}, { additionalProperties: true })),
    400,
    "'additionalProperties: true' is not supported",
  ],
  [
    "a schema with bounds",
    output(strictObjectSchema({ n: { type: "integer", minimum: 1, maximum: 5 } })),
    400,
    "For 'integer' type, properties maximum, minimum are not supported",
  ],
  ["a schema with a length", output(strictObjectSchema({ s: { type: "string", maxLength: 5 } })), 400, "maxLength"],
  [
    "a schema with a count",
    output(strictObjectSchema({ l: { type: "array", items: {}, minItems: 3 } })),
    400,
    "'minItems' values other than 0 or 1",
  ],
  ["a blank stop sequence", { stop_sequences: ["\n"] }, 400, "each stop sequence must contain non-whitespace"],
  ["an empty system block", { system: [text("")] }, 400, "text content blocks must be non-empty"],
  [
    "a prompt that is too long",
    { model: "claude-haiku-5-5", max_tokens: 1, messages: [{ role: "user", content: LONG }] },
    400,
    "tokens > 50 maximum",
  ],
  ["an answer that does not fit", { model: "claude-haiku-5-5", max_tokens: 49 }, 400, "exceed context limit"],
];

const HEADER_ROWS: readonly HeaderRow[] = [
  ["no key", { "x-api-key": null }, 401, "x-api-key header is required"],
  ["a wrong key", { "x-api-key": "sk-ant-nope" }, 401, "invalid x-api-key"],
  ["a wrong token", { "x-api-key": null, authorization: "Bearer nope" }, 401, "Invalid bearer token"],
  ["a key and a token", { authorization: "Bearer nope" }, 401, "Only one of"],
  ["no version", { "anthropic-version": null }, 400, "anthropic-version: header is required"],
  ["an odd version", { "anthropic-version": "2024-01-01" }, 400, "is not a valid version"],
];

testRefusals(simulator, PROVIDER, ROWS, HEADER_ROWS);

const older = { "anthropic-version": "2023-06-01" };

const accepted = async (fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<void> => {
  const reply = await exchangeRaw(healthyChat(simulator(), PROVIDER, fields, headers));
  expect(reply.status, reply.text).toBe(200);
};

it("accepts temperature only in the older version on an older model", async () => {
  await accepted({ model: "claude-haiku-4-5", temperature: 0.5 }, older);
  const reply = await exchangeRaw(healthyChat(simulator(), PROVIDER, { temperature: 0.5 }, older));
  expect(reply.status).toBe(400);
});

it("accepts prefill, forced tools and a budget on an older model", async () => {
  const model = "claude-haiku-4-5";
  await accepted({ model, messages: [user, { role: "assistant", content: "The answer is" }] });
  await accepted({ model, tools: [claudeTool()], tool_choice: { type: "any" } });
  await accepted({ model, max_tokens: 4_000, thinking: { type: "enabled", budget_tokens: 2_000 } });
});

it("accepts a budget up to 4.6, and disabled thinking and a forced tool up to the first 5", async () => {
  const budget = { max_tokens: 4_000, thinking: { type: "enabled", budget_tokens: 2_000 } };
  for (const model of ["claude-opus-4-6", "claude-sonnet-4-6", "claude-opus-4-5"]) await accepted({ model, ...budget });
  for (const model of ["claude-opus-4-7", "claude-sonnet-5", "claude-opus-5"]) {
    await accepted({ model, thinking: { type: "disabled" }, output_config: { effort: "high" } });
    await accepted({ model, tools: [claudeTool()], tool_choice: { type: "any" } });
  }
});

it.each([
  ["claude-opus-4-6", 200],
  ["claude-sonnet-4-6", 200],
  ["claude-opus-4-7", 400],
  ["claude-sonnet-5", 400],
])("a temperature in the older version on %s: %i", async (model, status) => {
  const reply = await exchangeRaw(healthyChat(simulator(), PROVIDER, { model, temperature: 0.5 }, older));
  expect(reply.status).toBe(status);
});

it("accepts consecutive turns of one role, which Anthropic combines", async () => {
  await accepted({
    messages: [user, said(use("a")), said(use("b")), turn(result("a")), turn(result("b")), user],
  });
});

it("accepts its own thinking, only from the model that wrote it", async () => {
  const ask = { thinking: { type: "adaptive", display: "summarized" } };
  const reply = await exchangeRaw(healthyChat(simulator(), PROVIDER, ask));
  const { content } = JSON.parse(reply.text);
  expect(content[0]).toMatchObject({ type: "thinking", thinking: expect.stringMatching(/\w/) });
  const messages = [user, { role: "assistant", content: content.map(withoutNulls) }, user];
  await accepted({ messages });
  const foreign = await exchangeRaw(healthyChat(simulator(), PROVIDER, { model: "claude-opus-5-5", messages }));
  expect([foreign.status, foreign.text]).toEqual([400, expect.stringContaining("Invalid `signature`")]);
});

const withoutNulls = (block: Fields): Fields =>
  Object.fromEntries(Object.entries(block).filter(([, value]) => value !== null));
