import { isLLMError } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { readFixture } from "../test-support/read-fixture.ts";
import { errorOf, replySource } from "../test-support/reply-source.ts";
import { fromResponse } from "./from-response.ts";

const SIGNATURE = "EqQBCkYIBxgCKkBqV0Wn3x1sW1cQm2o7xw==";

test.each([
  {
    file: "text",
    expected: {
      text: "The market leans towards yes.",
      reasoning: [],
      toolCalls: [],
      finishReason: "stop",
      rawFinishReason: "end_turn",
      usage: {
        inputTokens: 15,
        outputTokens: 9,
        cachedInputTokens: 3,
        cacheWriteInputTokens: 2,
        longCacheWriteInputTokens: 0,
        reasoningTokens: null,
      },
      responseId: "msg_01XFDUDYJgAACzvnptvVoYEL",
      responseModel: "claude-sonnet-5-5",
    },
  },
  {
    file: "thinking-and-tool",
    expected: {
      text: "Let me look.",
      reasoning: [
        { text: "The user wants the weather; I have a tool.", data: { signature: SIGNATURE } },
        { text: "", data: { redacted: "EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwxtE3" } },
      ],
      toolCalls: [
        { id: "toolu_01A09q90qw90lq917835lq9", name: "get_weather", inputText: '{"city":"Zürich","days":2}' },
        { id: "toolu_01B", name: "list_cities", inputText: "{}" },
      ],
      finishReason: "tool-calls",
      usage: {
        inputTokens: 472,
        outputTokens: 91,
        cachedInputTokens: 0,
        cacheWriteInputTokens: 0,
        longCacheWriteInputTokens: 0,
        reasoningTokens: 40,
      },
    },
  },
  { file: "omitted-thinking", expected: { text: "42", reasoning: [{ text: "", data: { signature: SIGNATURE } }] } },
  {
    file: "server-tool",
    expected: { text: "It rains.", toolCalls: [], finishReason: "other", rawFinishReason: "pause_turn" },
  },
  { file: "max-tokens", expected: { text: "Once upon", finishReason: "length", rawFinishReason: "max_tokens" } },
  { file: "context-window", expected: { finishReason: "length", rawFinishReason: "model_context_window_exceeded" } },
  { file: "stop-sequence", expected: { text: "one, two", finishReason: "stop" } },
  { file: "refusal-after-text", expected: { text: "First, ", finishReason: "content-filter" } },
  {
    file: "bare-usage",
    expected: {
      usage: {
        inputTokens: 7,
        outputTokens: 2,
        cachedInputTokens: null,
        cacheWriteInputTokens: null,
        longCacheWriteInputTokens: null,
        reasoningTokens: null,
      },
    },
  },
])("$file", ({ file, expected }) => {
  expect(fromResponse(readFixture(`responses/${file}.json`), replySource())).toMatchObject(expected);
});

test.each([
  ["a refusal without an answer", readFixture("responses/refusal.json"), "content_filter"],
  ["a message without a stop reason", readFixture("responses/no-stop-reason.json"), "truncated"],
  ["a truncated message", readFixture("responses/text.json").slice(0, 120), "truncated"],
  ["nothing", "", "invalid_response"],
  ["an HTML page", readFixture("errors/502-cloudflare.txt"), "invalid_response"],
  ["plain text", "upstream is fine", "invalid_response"],
  ["null", "null", "invalid_response"],
  ["an answer of another API", '{"choices":[]}', "invalid_response"],
  ["an error as text", '{"error":"something broke"}', "invalid_response"],
  ["an error object", readFixture("errors/529-overloaded.json"), "overloaded"],
  ["a billing error", readFixture("errors/429-enforced-spend-limit.json"), "quota"],
])("%s is not an answer", (_name, text, code) => {
  const error = errorOf(() => fromResponse(text, replySource()));
  expect(isLLMError(error) && error.code).toBe(code);
  expect(error).toMatchObject({ provider: "claude", model: "claude-sonnet-5-5", callId: "call-1", requestId: "req_1" });
});

test("a refusal states its reason and does not fall back", () => {
  const error = errorOf(() => fromResponse(readFixture("responses/refusal.json"), replySource()));
  expect(error).toMatchObject({
    message: "Claude refused to answer (cyber): The request could enable cyber harm.",
    retryable: false,
    fallback: false,
  });
});

test("redacts keys from the text of a refusal", () => {
  const source = replySource();
  const text = readFixture("responses/refusal.json").replace("cyber harm.", "harm with open-sesame.");
  const error = errorOf(() => fromResponse(text, { ...source, facts: { ...source.facts, secrets: ["open-sesame"] } }));
  expect(String(error)).toContain("harm with [redacted].");
});

const MESSAGE = {
  id: "m",
  type: "message",
  role: "assistant",
  model: "c",
  usage: { input_tokens: 1, output_tokens: 1 },
};
const CALL = { type: "tool_use", id: "t", name: "look", input: { city: "X" } };

test("blocks keep their order, and numbers keep their digits", () => {
  const content = [{ type: "thinking", thinking: "A", signature: "s" }, { type: "text", text: "x" }, CALL];
  const text = JSON.stringify({ ...MESSAGE, stop_reason: "tool_use", content }).replace('"X"', "9007199254740993");
  expect(fromResponse(text, replySource())).toMatchObject({
    blocks: [
      { type: "reasoning", data: { signature: "s" } },
      { type: "text", text: "x" },
      { type: "tool-call", id: "t" },
    ],
    toolCalls: [{ inputText: '{"city":9007199254740993}' }],
  });
});

test.each([
  ["the events of a stream", readFixture("streams/text.txt")],
  ["the events of a stream, its end without an empty line", readFixture("streams/text.txt").trimEnd()],
  [
    "a message followed by the other wire's end marker",
    `${JSON.stringify({ ...MESSAGE, stop_reason: "end_turn", content: [{ type: "text", text: "Grüezi, Welt 🌍" }] })}\n\ndata: [DONE]\n\n`,
  ],
])("%s is read although no stream was requested", (_, text) => {
  expect(fromResponse(text, replySource())).toMatchObject({ text: "Grüezi, Welt 🌍", finishReason: "stop" });
});

test("an incomplete event stream is not an answer", () => {
  const error = errorOf(() => fromResponse(readFixture("streams/cut-before-stop-reason.txt"), replySource()));
  expect(isLLMError(error, "truncated")).toBe(true);
});

test("a paused turn may be empty", () => {
  const text = JSON.stringify({ ...MESSAGE, stop_reason: "pause_turn", content: [] });
  expect(fromResponse(text, replySource())).toMatchObject({ finishReason: "other", mayBeEmpty: true });
});

test.each<[string, unknown, string, string]>([
  ["in a list", [{ error: { type: "rate_limit_error", message: "slow" } }], "rate_limit", "slow"],
  ["without an object around it", { type: "overloaded_error", message: "Overloaded" }, "overloaded", "Overloaded"],
  ["with a code", { code: 500, message: "busy" }, "server", "busy"],
  ["of FastAPI", { detail: "upstream is gone" }, "invalid_response", "upstream is gone"],
  ["of MiniMax", { base_resp: { status_code: 1008, status_msg: "no balance" } }, "invalid_response", "no balance"],
])("an error of a gateway %s keeps its message, as JSON and as an event", (_, body, code, message) => {
  for (const text of [JSON.stringify(body), ...(Array.isArray(body) ? [] : [`data: ${JSON.stringify(body)}\n\n`])]) {
    const error = errorOf(() => fromResponse(text, replySource()));
    expect(isLLMError(error) && [error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
  }
});
