import { isLLMError, type StreamPart } from "@babylon/llm-core";
import { readEvents } from "@babylon/provider-kit";
import { expect, test } from "vitest";
import { fixture } from "../../test/fixture.ts";
import { replySource } from "../../test/reply-source.ts";
import { createEventMapper, isStopEvent } from "./from-event.ts";

const SIGNATURE = "EqQBCkYIBxgCKkBqV0Wn3x1sW1cQm2o7xw==";

async function* whole(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** The parts of a recorded stream, and what it threw. */
async function partsOf(text: string): Promise<{ parts: StreamPart[]; thrown: unknown; done: boolean }> {
  const mapper = createEventMapper(replySource());
  const parts: StreamPart[] = [];
  try {
    for await (const events of readEvents(whole(text))) for (const event of events) parts.push(...mapper.map(event));
    parts.push(...mapper.end());
    return { parts, thrown: null, done: mapper.isDone() };
  } catch (thrown) {
    return { parts, thrown, done: mapper.isDone() };
  }
}

const finish = (finishReason: string, rawFinishReason: string) => ({
  type: "finish",
  finishReason,
  rawFinishReason,
  responseId: "msg_01Stream",
  responseModel: "claude-sonnet-5-5",
});

const usage = (
  inputTokens: number,
  outputTokens: number | null,
  cached: number | null,
  reasoning: number | null,
  written: number | null = 0,
) => ({
  type: "usage",
  usage: {
    inputTokens,
    outputTokens,
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
    longCacheWriteInputTokens: written === null ? null : 0,
    reasoningTokens: reasoning,
  },
});

const TEXT = [
  usage(15, null, 3, null, 2),
  { type: "text", text: "Grüezi, " },
  { type: "text", text: "Welt 🌍" },
  usage(15, 8, 3, 0, 2),
  finish("stop", "end_turn"),
];

test.each([
  { file: "text", expected: TEXT },
  { file: "no-message-stop", expected: TEXT },
  { file: "cut-before-stop-reason", expected: TEXT.slice(0, 3) },
  {
    file: "thinking",
    expected: [
      usage(12, null, 0, null),
      { type: "reasoning", text: "Two and " },
      { type: "reasoning", text: "two." },
      { type: "reasoning", text: "", data: { signature: SIGNATURE } },
      { type: "reasoning", text: "", data: { redacted: "EmwKAhgB" } },
      { type: "text", text: "4" },
      usage(12, 30, 0, 26),
      finish("stop", "end_turn"),
    ],
  },
  {
    file: "omitted-thinking",
    expected: [
      usage(12, null, 0, null),
      { type: "reasoning", text: "", data: { signature: SIGNATURE } },
      { type: "text", text: "4" },
      usage(12, 30, 0, null),
      finish("stop", "end_turn"),
    ],
  },
  {
    file: "tools",
    expected: [
      usage(12, null, 0, null),
      { type: "text", text: "Let me look." },
      { type: "tool-call", index: 0, id: "toolu_01A", name: "get_weather", inputText: "" },
      { type: "tool-call", index: 0, inputText: '{"city": "Zü' },
      { type: "tool-call", index: 0, inputText: 'rich"}' },
      { type: "tool-call", index: 1, id: "toolu_01B", name: "list_cities", inputText: "" },
      { type: "tool-call", index: 1, inputText: "{}" },
      usage(12, 60, 0, null),
      finish("tool-calls", "tool_use"),
    ],
  },
  {
    file: "whole-tool-input",
    expected: [
      usage(12, null, 0, null),
      { type: "tool-call", index: 0, id: "toolu_01C", name: "get_weather", inputText: "" },
      { type: "tool-call", index: 0, inputText: '{"city":"Bern"}' },
      usage(12, 20, 0, null),
      finish("tool-calls", "tool_use"),
    ],
  },
  {
    file: "server-tool",
    expected: [
      usage(12, null, 0, null),
      { type: "text", text: "It rains." },
      usage(12, 20, 0, null),
      finish("other", "pause_turn"),
    ],
  },
  {
    file: "refusal-after-text",
    expected: [
      usage(12, null, 0, null),
      { type: "text", text: "First, " },
      usage(12, 4, 0, null),
      finish("content-filter", "refusal"),
    ],
  },
  {
    file: "unknown-events",
    expected: [
      usage(12, null, 0, null),
      { type: "text", text: "ok" },
      usage(12, 2, 0, null),
      finish("stop", "end_turn"),
    ],
  },
])("$file", async ({ file, expected }) => {
  const { parts, thrown } = await partsOf(fixture(`streams/${file}.txt`));
  expect(thrown).toBeNull();
  expect(parts).toEqual(expected);
});

test.each([
  ["overloaded-at-once", "overloaded", 0],
  ["error-mid-stream", "server", 2],
  ["unknown-error-mid-stream", "invalid_response", 1],
  ["malformed", "invalid_response", 1],
  ["refusal", "content_filter", 2],
])("%s fails with %s after %i parts", async (file, code, count) => {
  const { parts, thrown } = await partsOf(fixture(`streams/${file}.txt`));
  expect(isLLMError(thrown) && thrown.code).toBe(code);
  expect(parts).toHaveLength(count);
});

/** A recorded answer whose end has another reason. */
const endedWith = (reason: string | null, file: string): string =>
  fixture(`streams/${file}.txt`).replace(/"stop_reason":\s*"end_turn"/, `"stop_reason":${JSON.stringify(reason)}`);

test.each([
  ["overloaded", "overloaded"],
  ["Network_Error", "truncated"],
  ["cancelled", "truncated"],
  ["MALFORMED_FUNCTION_CALL", "invalid_response"],
])("an end for the reason %s fails with %s", async (reason, code) => {
  const { parts, thrown } = await partsOf(endedWith(reason, "text"));
  expect(thrown).toMatchObject({ code, status: 200 });
  expect(parts).toEqual(TEXT.slice(0, 3));
});

test("an end for a reason that nobody knows is whole only with the end marker, an end without one never", async () => {
  const { parts } = await partsOf(endedWith("odd_new_reason", "text"));
  expect(parts).toEqual([...TEXT.slice(0, 4), finish("other", "odd_new_reason")]);
  expect((await partsOf(endedWith("odd_new_reason", "no-message-stop"))).parts).toEqual(TEXT.slice(0, 4));
  expect((await partsOf(endedWith(null, "text"))).parts).toEqual(TEXT.slice(0, 4));
});

const event = (payload: object) =>
  `event: ${"type" in payload ? payload.type : ""}\ndata: ${JSON.stringify(payload)}\n\n`;

test.each([
  ["a delta without its text", event({ type: "content_block_delta", index: 0, delta: { type: "text_delta" } })],
  ["a block without its index", event({ type: "content_block_start", content_block: { type: "text" } })],
  [
    "tool input for a call that never began",
    event({ type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: "{" } }),
  ],
  ["a known event that is no object", "event: message_start\ndata: 7\n\n"],
])("%s is malformed", async (_name, text) => {
  const { thrown } = await partsOf(text);
  expect(isLLMError(thrown) && thrown.code).toBe("invalid_response");
});

test.each([
  ["", "without a name"],
  ["event: message\n", "named message"],
])("events %s(%s) go by the type in their data", async (name) => {
  const { parts, done } = await partsOf(fixture("streams/text.txt").replaceAll(/^event: .*\n/gm, name));
  expect(parts).toEqual(TEXT);
  expect(done).toBe(true);
});

test("an error event that is no error object of Anthropic's is an error all the same", async () => {
  const { thrown } = await partsOf('event: error\ndata: {"type":"overloaded","message":"try later"}\n\n');
  expect(thrown).toMatchObject({ code: "invalid_response", message: "Claude sent an error: try later" });
});

test("an event without data only keeps the connection open", async () => {
  const { parts, thrown } = await partsOf(`event: message\ndata: \n\n${fixture("streams/text.txt")}`);
  expect(thrown).toBeNull();
  expect(parts).toEqual(TEXT);
});

test("a start without usage tells none", async () => {
  const { parts } = await partsOf(event({ type: "message_start", message: { id: "msg_1" } }));
  expect(parts).toEqual([]);
});

test("a signature in several pieces is put together", async () => {
  const { parts } = await partsOf(
    [
      { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "Hm", signature: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "ab" } },
      { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "cd" } },
      { type: "content_block_stop", index: 0 },
    ]
      .map(event)
      .join(""),
  );
  expect(parts).toEqual([
    { type: "reasoning", text: "Hm" },
    { type: "reasoning", text: "", data: { signature: "abcd" } },
  ]);
});

test("the end marker is the last event, with and without a name, and not a text that mentions it", () => {
  const data = '{"type":"message_stop"}';
  const text = JSON.stringify({ type: "content_block_delta", delta: { type: "text_delta", text: 'a "message_stop"' } });
  expect(isStopEvent({ event: "message_stop", data })).toBe(true);
  expect(isStopEvent({ event: null, data })).toBe(true);
  expect(isStopEvent({ event: null, data: text })).toBe(false);
  expect(isStopEvent({ event: "content_block_delta", data: text })).toBe(false);
});
