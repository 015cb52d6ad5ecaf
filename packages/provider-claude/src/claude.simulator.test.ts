import { isLLMError, type Message, type ModelRequest, type StreamPart } from "@babylon/llm-core";
import { type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { claude } from "./claude.ts";
import { attemptContext, collect, REQUEST, rejection, textOf } from "./test-support/attempt-context.ts";

/** The simulator is as strict as the vendor: each row below would be rejected without a line of the mappers. */
let simulator: ProviderSimulator;
beforeAll(async () => {
  simulator = await startProviderSimulator({ limits: { claude: { "claude-haiku-4-5": { contextTokens: 200 } } } });
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

const context = () => attemptContext({ env: simulator.env });
const TOOLS = { look: { description: "Looks", inputSchema: { type: "object", properties: {} } } } as const;
const SCHEMA = {
  type: "object",
  properties: { mood: { type: "string" } },
  required: ["mood"],
  additionalProperties: false,
} as const;

const ROWS: readonly { readonly name: string; readonly request: Partial<ModelRequest> }[] = [
  { name: "a prompt", request: {} },
  { name: "sampling options and a seed", request: { temperature: 0.2, topP: 0.5, seed: 1 } },
  { name: "a limit above the model's", request: { maxOutputTokens: 10_000_000 } },
  { name: "no stop sequences", request: { stopSequences: [] } },
  { name: "effort", request: { reasoningEffort: "low" } },
  { name: "no thinking on Sonnet 5.5", request: { reasoningEffort: "none" } },
  { name: "no thinking on Haiku 5.5", request: { model: "claude-haiku-5-5", reasoningEffort: "none" } },
  { name: "no thinking on Opus 5.5", request: { model: "claude-opus-5-5", reasoningEffort: "none" } },
  { name: "tools", request: { tools: TOOLS, toolChoice: "auto" } },
  {
    name: "a forced tool on Haiku 5.5",
    request: { model: "claude-haiku-5-5", tools: TOOLS, toolChoice: { tool: "look" } },
  },
  {
    name: "a schema",
    request: { responseFormat: { type: "json-schema", name: "mood", schema: SCHEMA, strict: true } },
  },
  {
    name: "a conversation with turns of another vendor's model",
    request: {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "assistant", content: "Welcome." },
        { role: "user", content: "Look around." },
        {
          role: "user",
          content: [
            { type: "text", text: "" },
            { type: "text", text: "Now." },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "Hm.", origin: { provider: "wandb", model: "kimi" }, data: { signature: "x" } },
            { type: "tool-call", id: "functions.look:0", name: "look", input: null },
            { type: "tool-call", id: "functions.look:1", name: "look", input: {} },
          ],
        },
        { role: "tool", content: [{ type: "tool-result", toolCallId: "functions.look:0", output: { seen: 1 } }] },
        { role: "tool", content: [{ type: "tool-result", toolCallId: "functions.look:1", output: "nothing" }] },
        { role: "system", content: "Be kind, too." },
        { role: "user", content: "And?" },
      ],
      tools: TOOLS,
    },
  },
  {
    name: "an image, a PDF and a text file",
    request: {
      messages: [
        {
          role: "user",
          content: [
            { type: "image", url: "data:image/png;base64,iVBORw0KGgo=" },
            { type: "file", mediaType: "application/pdf", data: "JVBERi0=" },
            { type: "file", mediaType: "text/plain", data: "SGk=" },
            { type: "text", text: "What is this?" },
          ],
        },
      ],
    },
  },
  {
    name: "a prefill with trailing white space, on a model that supports prefill",
    request: {
      model: "claude-sonnet-4-5",
      messages: [
        { role: "user", content: "Count" },
        { role: "assistant", content: "one, two, " },
      ],
    },
  },
  {
    name: "cache control",
    request: {
      messages: [
        {
          role: "user",
          content: "Hi",
          providerOptions: { claude: { body: { cache_control: { type: "ephemeral" } } } },
        },
      ],
    },
  },
];

test.each(ROWS)("$name is accepted, streamed and not", async ({ request }) => {
  const provider = claude();
  const whole = await provider.generate({ ...REQUEST, ...request }, context());
  const { parts, thrown } = await collect(provider.stream({ ...REQUEST, ...request }, context()));
  expect(thrown).toBeNull();
  expect(parts.at(-1)).toMatchObject({ type: "finish", finishReason: whole.finishReason });
  expect(textOf(parts)).toBe(whole.text);
  expect(whole.usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) });
  expect(simulator.requests.map(({ status, outcome, keyOk }) => [status, outcome, keyOk])).toEqual([
    [200, "answered", true],
    [200, "answered", true],
  ]);
});

/** The message that core creates from an answer. */
function messageOf(parts: readonly StreamPart[], model: string): Message {
  let text = "";
  let signature: string | undefined;
  let call = { id: "", name: "", inputText: "" };
  for (const part of parts) {
    if (part.type === "reasoning") {
      text += part.text;
      if (typeof part.data?.signature === "string") signature = part.data.signature;
    }
    if (part.type === "tool-call") {
      call = { id: part.id ?? call.id, name: part.name ?? call.name, inputText: call.inputText + part.inputText };
    }
  }
  if (signature === undefined || call.id === "") throw new Error("expected reasoning and a tool call");
  const origin = { provider: "claude", model };
  return {
    role: "assistant",
    content: [
      { type: "reasoning", text, origin, data: { signature } },
      { type: "tool-call", id: call.id, name: call.name, input: JSON.parse(call.inputText) },
    ],
  };
}

test("signed reasoning is sent back unchanged after a tool call", async () => {
  simulator.setFault(
    "claude",
    {
      kind: "answer",
      text: "",
      reasoning: "I should look first. Then I can tell.",
      toolCalls: [{ name: "look", arguments: {} }],
    },
    { nth: 1 },
  );
  const provider = claude();
  const request: ModelRequest = { ...REQUEST, tools: TOOLS };
  const { parts } = await collect(provider.stream(request, context()));
  const message = messageOf(parts, request.model);
  const [, call] = message.content;
  if (typeof call !== "object" || call.type !== "tool-call") throw new Error("expected a tool call");
  const messages: Message[] = [
    ...request.messages,
    message,
    { role: "tool", content: [{ type: "tool-result", toolCallId: call.id, output: "a market" }] },
  ];
  const answer = await provider.generate({ ...request, messages }, context());
  expect(answer.finishReason).not.toBe("other");
  expect(simulator.requests.at(-1)).toMatchObject({
    status: 200,
    body: { messages: [{}, { content: [{ type: "thinking" }, { type: "tool_use" }] }, {}] },
  });
});

test.each([
  ["an unknown model", { model: "claude-3-5-sonnet-20241022" }, "model_not_found"],
  ["a forced tool on Sonnet 5.5", { tools: TOOLS, toolChoice: "required" }, "invalid_request"],
  [
    "a prompt that is too long",
    { model: "claude-haiku-4-5", messages: [{ role: "user", content: "word ".repeat(500) }] },
    "context_length",
  ],
] as const)("%s is rejected with %s", async (_name, request, code) => {
  const error = await rejection(claude().generate({ ...REQUEST, ...request }, context()));
  expect(isLLMError(error) && error.code).toBe(code);
});

test("a wrong key is rejected with auth", async () => {
  const env = { ...simulator.env, ANTHROPIC_API_KEY: "sk-ant-wrong" };
  const error = await rejection(claude().generate(REQUEST, attemptContext({ env })));
  expect(isLLMError(error) && error.code).toBe("auth");
});

test("every recommended model is served", async () => {
  const provider = claude();
  const served = await provider.listModels?.(context());
  const ids = served?.map(({ id }) => id);
  for (const { id, recommended } of provider.models) if (recommended) expect(ids).toContain(id);
});
