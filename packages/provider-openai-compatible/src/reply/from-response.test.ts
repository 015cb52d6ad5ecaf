import type { ModelResponse } from "@babylon/llm-core";
import { UNKNOWN_USAGE } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { type ModelWire, PLAIN_TRAITS } from "../model-traits.ts";
import { readFixture } from "../test-support/read-fixture.ts";
import { fromResponse } from "./from-response.ts";
import { mapError } from "./map-error.ts";
import type { ReplySource } from "./reply-source.ts";

const source = (wire: Partial<ModelWire> = {}): ReplySource => ({
  response: { status: 200, headers: new Headers({ "x-request-id": "req_1" }) },
  facts: { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: [] },
  wire: { ...PLAIN_TRAITS.wire, ...wire },
  classify: mapError,
  nowMs: 0,
});

const read = (name: string, wire?: Partial<ModelWire>): ModelResponse =>
  fromResponse(readFixture(`response/${name}.json`), source(wire));

test.each<[string, Partial<ModelResponse>]>([
  [
    "openai-text",
    {
      text: "The harbour is open.",
      reasoning: [],
      toolCalls: [],
      finishReason: "stop",
      rawFinishReason: "stop",
      usage: {
        inputTokens: 1210,
        outputTokens: 86,
        cachedInputTokens: 1024,
        cacheWriteInputTokens: 0,
        longCacheWriteInputTokens: 0,
        reasoningTokens: 64,
      },
      responseId: "chatcmpl-CzOai1",
      responseModel: "gpt-6-luna-2026-09-02",
    },
  ],
  [
    "openai-tool-calls",
    {
      text: "",
      toolCalls: [
        { id: "call_Hk1", name: "buy", inputText: '{"market":"m-7","shares":3}' },
        { id: "call_Hk2", name: "wait", inputText: "{}" },
      ],
      finishReason: "tool-calls",
      usage: {
        inputTokens: 90,
        outputTokens: 31,
        cachedInputTokens: null,
        cacheWriteInputTokens: null,
        longCacheWriteInputTokens: null,
        reasoningTokens: null,
      },
    },
  ],
  ["openai-named-tool", { finishReason: "tool-calls", rawFinishReason: "stop" }],
  [
    "openai-refusal",
    { text: "I'm sorry, I can't help with that.", finishReason: "content-filter", rawFinishReason: "stop" },
  ],
  ["openai-content-filter", { text: "First, you", finishReason: "content-filter", rawFinishReason: "content_filter" }],
  ["openai-length", { text: "", finishReason: "length" }],
  [
    "groq-reasoning",
    {
      text: "Nine.",
      reasoning: [{ text: "3 times 3 is 9." }],
      usage: {
        inputTokens: 78,
        outputTokens: 29,
        cachedInputTokens: null,
        cacheWriteInputTokens: null,
        longCacheWriteInputTokens: null,
        reasoningTokens: 11,
      },
    },
  ],
  [
    "wandb-text",
    {
      text: "Aye.",
      reasoning: [],
      toolCalls: [],
      usage: {
        inputTokens: 12,
        outputTokens: 3,
        cachedInputTokens: null,
        cacheWriteInputTokens: null,
        longCacheWriteInputTokens: null,
        reasoningTokens: null,
      },
    },
  ],
  ["both-reasonings", { text: "B", reasoning: [{ text: "same" }], usage: UNKNOWN_USAGE }],
  ["content-parts", { text: "one two", toolCalls: [{ id: "call_0", name: "f", inputText: '{"a":1}' }] }],
])("reads %s", (name, expected) => {
  expect(read(name)).toMatchObject(expected);
});

test("separates inline reasoning only for models whose data declares it", () => {
  expect(read("think-tags", { thinkTags: true })).toMatchObject({
    text: "Four, not <think>.",
    reasoning: [{ text: "Is it 4? Yes." }],
  });
  expect(read("think-tags").reasoning).toEqual([]);
});

test.each<[string, string, string]>([
  ["nothing", "", "invalid_response"],
  ["a page", "<!doctype html><html><body>Login</body></html>", "invalid_response"],
  ["no object", "null", "invalid_response"],
  ["an array", "[]", "invalid_response"],
  ["no choices", '{"id":"x"}', "invalid_response"],
  ["empty choices", '{"choices":[]}', "invalid_response"],
  ["choices of another kind", '{"choices":"none"}', "invalid_response"],
  ["no message", '{"choices":[{"finish_reason":"stop","message":null}]}', "invalid_response"],
  ["no finish reason", '{"choices":[{"message":{"content":"half"},"finish_reason":null}]}', "truncated"],
  [
    "a finish reason that gives up",
    '{"choices":[{"message":{"content":"half"},"finish_reason":"abort"}]}',
    "truncated",
  ],
  [
    "a finish reason that is a failure",
    '{"choices":[{"message":{"content":"half"},"finish_reason":"INSUFFICIENT_SYSTEM_RESOURCE"}]}',
    "overloaded",
  ],
  ["cut JSON", readFixture("response/openai-text.json").slice(0, 300), "truncated"],
  [
    "a second answer as events after a complete one",
    '{"choices":[{"message":{"content":"A"},"finish_reason":"stop"}]}\ndata: {"choices":[{"index":0,"delta":{"content":"B"},"finish_reason":"stop"}]}\n\n',
    "invalid_response",
  ],
  ["an error object", '{"error":{"message":"boom"}}', "server"],
  ["an error text", '{"error":"model is not loaded"}', "server"],
  ["a quota error", '{"error":{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}}', "quota"],
  ["an error with a status", '{"error":{"message":"x","code":429}}', "rate_limit"],
])("refuses %s", (_, text, code) => {
  expect(() => fromResponse(text, source())).toThrow(expect.objectContaining({ code, requestId: "req_1", model: "m" }));
});

test("takes an answer without a finish reason where the server is known to send none", () => {
  const text = '{"choices":[{"message":{"content":"whole"},"finish_reason":null}]}';
  expect(fromResponse(text, source({ doneIsEnough: true }))).toMatchObject({
    text: "whole",
    finishReason: "stop",
    rawFinishReason: null,
  });
});
