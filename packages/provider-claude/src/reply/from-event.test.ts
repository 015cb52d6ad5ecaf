import { isLLMError, type StreamPart } from "@babylon/llm-core";
import { readEvents } from "@babylon/provider-kit";
import { expect, test } from "vitest";
import { readFixture } from "../test-support/read-fixture.ts";
import { replySource } from "../test-support/reply-source.ts";
import { createEventMapper, isStopEvent } from "./from-event.ts";

const SIGNATURE = "EqQBCkYIBxgCKkBqV0Wn3x1sW1cQm2o7xw==";

async function* whole(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** The parts of a recorded stream, and its error. */
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
      { type: "tool-call", index: 0, id: "toolu_01A", name: "get_weather", inputText: "", interleaved: true },
      { type: "tool-call", index: 0, inputText: '{"city": "Zü' },
      { type: "tool-call", index: 0, inputText: 'rich"}' },
      { type: "tool-call", index: 0, inputText: "", complete: true },
      { type: "tool-call", index: 1, id: "toolu_01B", name: "list_cities", inputText: "", interleaved: true },
      { type: "tool-call", index: 1, inputText: "{}", complete: true },
      usage(12, 60, 0, null),
      finish("tool-calls", "tool_use"),
    ],
  },
  {
    file: "whole-tool-input",
    expected: [
      usage(12, null, 0, null),
      { type: "tool-call", index: 0, id: "toolu_01C", name: "get_weather", inputText: "", interleaved: true },
      { type: "tool-call", index: 0, inputText: '{"city":"Bern"}', complete: true },
      usage(12, 20, 0, null),
      finish("tool-calls", "tool_use"),
    ],
  },
  {
    file: "server-tool",
    expected: [
      usage(12, null, 0, null),
      {
        type: "reasoning",
        text: "",
        data: {
          block: {
            type: "server_tool_use",
            id: "srvtoolu_01",
            name: "web_search",
            input: { query: "rain" },
            caller: { type: "direct" },
          },
        },
      },
      {
        type: "reasoning",
        text: "",
        data: {
          block: {
            type: "web_search_tool_result",
            tool_use_id: "srvtoolu_01",
            content: [],
            caller: { type: "direct" },
          },
        },
      },
      { type: "text", text: "It rains." },
      usage(12, 20, 0, null),
      { ...finish("other", "pause_turn"), mayBeEmpty: true },
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
  const { parts, thrown } = await partsOf(readFixture(`streams/${file}.txt`));
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
  const { parts, thrown } = await partsOf(readFixture(`streams/${file}.txt`));
  expect(isLLMError(thrown) && thrown.code).toBe(code);
  expect(parts).toHaveLength(count);
});

/** A recorded answer with another stop reason. */
const endedWith = (reason: string | null, file: string): string =>
  readFixture(`streams/${file}.txt`).replace(/"stop_reason":\s*"end_turn"/, `"stop_reason":${JSON.stringify(reason)}`);

test.each([
  ["overloaded", "overloaded"],
  ["Network_Error", "truncated"],
  ["cancelled", "truncated"],
  ["MALFORMED_FUNCTION_CALL", "invalid_response"],
])("the stop reason %s fails with %s", async (reason, code) => {
  const { parts, thrown } = await partsOf(endedWith(reason, "text"));
  expect(thrown).toMatchObject({ code, status: 200 });
  expect(parts).toEqual(TEXT.slice(0, 3));
});

test("an unknown stop reason counts only with the end marker, a missing one never", async () => {
  const { parts } = await partsOf(endedWith("odd_new_reason", "text"));
  expect(parts).toEqual([...TEXT.slice(0, 4), finish("other", "odd_new_reason")]);
  expect((await partsOf(endedWith("odd_new_reason", "no-message-stop"))).parts).toEqual(TEXT.slice(0, 4));
  expect((await partsOf(endedWith(null, "text"))).parts).toEqual(TEXT.slice(0, 4));
});

const event = (payload: object) =>
  `event: ${"type" in payload ? payload.type : ""}\ndata: ${JSON.stringify(payload)}\n\n`;

test.each([
  ["a delta without its text", event({ type: "content_block_delta", index: 0, delta: { type: "text_delta" } })],
  [
    "tool input for a call without a start",
    event({ type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: "{" } }),
  ],
  ["a known event that is not an object", "event: message_start\ndata: 7\n\n"],
  ["truncated JSON, without a name", 'data: {"type":"content_block_de\n\n'],
  [
    "a second message in an answer",
    [
      event({ type: "message_start", message: { id: "msg_1" } }),
      event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "a" } }),
      event({ type: "message_start", message: { id: "msg_2" } }),
    ].join(""),
  ],
])("%s is malformed", async (_name, text) => {
  const { thrown } = await partsOf(text);
  expect(isLLMError(thrown) && thrown.code).toBe("invalid_response");
});

test.each([
  ["", "without a name"],
  ["event: message\n", "named message"],
])("events %s(%s) are classified by the type in their data", async (name) => {
  const { parts, done } = await partsOf(readFixture("streams/text.txt").replaceAll(/^event: .*\n/gm, name));
  expect(parts).toEqual(TEXT);
  expect(done).toBe(true);
});

test("an error event in another format is an error as well", async () => {
  const { thrown } = await partsOf('event: error\ndata: {"type":"overloaded","message":"try later"}\n\n');
  expect(thrown).toMatchObject({ code: "invalid_response", message: "Claude sent an error: try later" });
});

test("an event without data is ignored", async () => {
  const { parts, thrown } = await partsOf(`event: message\ndata: \n\n${readFixture("streams/text.txt")}`);
  expect(thrown).toBeNull();
  expect(parts).toEqual(TEXT);
});

test("a start without usage reports none", async () => {
  const { parts } = await partsOf(event({ type: "message_start", message: { id: "msg_1" } }));
  expect(parts).toEqual([]);
});

test("a signature in several chunks is joined", async () => {
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

const start = (usage: object = { input_tokens: 5 }) =>
  event({ type: "message_start", message: { id: "m", model: "c", usage } });
const open = (index: number, block: object) => event({ type: "content_block_start", index, content_block: block });
const delta = (index: number, payload: object) => event({ type: "content_block_delta", index, delta: payload });
const stop = (index: number) => event({ type: "content_block_stop", index });
const reason = (word: string | null, usage: object | null = { output_tokens: 5 }) =>
  event({ type: "message_delta", delta: { stop_reason: word }, usage });
const say = (text: string) => delta(0, { type: "text_delta", text });
const END = event({ type: "message_stop" });
const BERN = '{"city":"Bern"}';
const call = (input: unknown) => open(0, { type: "tool_use", id: "t", name: "look", input });
const input = (json: string) => delta(0, { type: "input_json_delta", partial_json: json });
const thinking = (index: number) => open(index, { type: "thinking", thinking: "", signature: "" });
const think = (index: number, text: string) => delta(index, { type: "thinking_delta", thinking: text });
const sign = (index: number, signature: string) => delta(index, { type: "signature_delta", signature });

/** Why a stream ended, or `null`: it broke off. */
const endOf = ({ parts, thrown }: { parts: StreamPart[]; thrown: unknown }): string | null => {
  if (isLLMError(thrown)) return thrown.code;
  const last = parts.at(-1);
  return last?.type === "finish" ? last.finishReason : null;
};

test.each<[string, string, string | null]>([
  ["no reason, the end marker", start() + say("a") + reason(null) + END, null],
  ["a reason without the end marker", start() + say("a") + reason("end_turn"), "stop"],
  ["two reasons", start() + say("a") + reason("end_turn") + reason("max_tokens") + END, "length"],
  ["a reason, then none", start() + say("a") + reason("max_tokens") + reason(null) + END, "length"],
  ["text after a reason", start() + reason("end_turn") + say("a"), null],
  ["text after a reason, and the end marker", start() + reason("end_turn") + say("a") + END, null],
  ["text after a reason, and another", start() + reason("end_turn") + say("a") + reason("max_tokens") + END, "length"],
  ["a call after a reason", start() + reason("end_turn") + call({}), null],
  [
    "an end of a block after a reason",
    start() + open(0, { type: "text" }) + say("a") + reason("end_turn") + stop(0),
    "stop",
  ],
  ["the end marker before the reason", start() + say("a") + END + reason("end_turn"), "stop"],
  ["an unknown reason", start() + say("a") + reason("odd"), null],
  ["an unknown reason and the end marker", start() + say("a") + reason("odd") + END, "other"],
  [
    "an unknown reason and the other wire's end marker",
    `${start()}${say("a")}${reason("odd")}data: [DONE]\n\n`,
    "other",
  ],
  ["the other wire's end marker alone", `${start()}${say("a")}data: [DONE]\n\n`, null],
  ["the reason of another vendor", start() + say("a") + reason("LENGTH") + END, "length"],
  ["a placeholder as the reason", start() + say("a") + reason("none") + END, null],
  ["a call that ends with another reason", start() + call({}) + stop(0) + reason("end_turn") + END, "tool-calls"],
  ["a failing reason", start() + say("a") + reason("network_error") + END, "truncated"],
  ["a good reason, then a failing one", start() + say("a") + reason("end_turn") + reason("overloaded"), "overloaded"],
  ["an error after the reason", `${start()}${say("a")}${reason("end_turn")}event: error\ndata: {}\n\n`, "stop"],
  ["garbage after the reason", `${start()}${say("a")}${reason("end_turn")}event: message_delta\ndata: {"x\n\n`, "stop"],
  [
    "a malformed delta after the reason",
    start() + say("a") + reason("end_turn") + delta(0, { type: "text_delta" }),
    "stop",
  ],
  ["heartbeats", `${start()}data: ping\n\ndata: null\n\ndata: {}\n\n${say("a")}${reason("end_turn")}`, "stop"],
  ["a message with two starts", start() + say("a") + start() + reason("end_turn"), "stop"],
  ["an error in the other wire's form", 'data: {"error":{"message":"no","type":"overloaded_error"}}\n\n', "overloaded"],
  ["an error with its status", 'data: {"error":{"message":"slow down","code":"429"}}\n\n', "rate_limit"],
  ["an error without a name", 'data: {"type":"error","error":{"type":"api_error"}}\n\n', "server"],
  ["an error next to an event", 'data: {"type":"message_delta","error":{"type":"rate_limit_error"}}\n\n', "rate_limit"],
])("%s", async (_, text, end) => {
  expect(endOf(await partsOf(text))).toBe(end);
});

test("an error event in plain text keeps its text", async () => {
  const { thrown } = await partsOf("event: error\ndata: upstream connect error\n\n");
  expect(thrown).toMatchObject({ message: expect.stringContaining("upstream connect error") });
});

test.each([
  ["no index: sequential blocks", (start() + call({}) + input(BERN) + stop(0)).replaceAll('"index":0,', "")],
  ["an index as a string", (start() + call({}) + input(BERN) + stop(0)).replaceAll('"index":0', '"index":"0"')],
  ["a call without an end", start() + call({}) + input(BERN)],
  ["all input in the start, and no end", start() + call({ city: "Bern" })],
  ["all input in the start, and an empty delta", start() + call({ city: "Bern" }) + input("") + stop(0)],
  ["all input in the start and again", start() + call({ city: "Bern" }) + input(BERN) + stop(0)],
  ["all input in the start, and an empty object", start() + call({ city: "Bern" }) + input("{}") + stop(0)],
  ["all input in the start, as text", start() + call(BERN) + stop(0)],
  ["an empty object before the input", start() + call({}) + input("{}") + input(BERN) + stop(0)],
  ["an empty object joined to the input", start() + call({}) + input(`{}${BERN}`) + stop(0)],
  ["a duplicate start", start() + call({}) + call({}) + input(BERN) + stop(0)],
  [
    "the type only in the data",
    (start() + call({}) + input(BERN) + stop(0)).replaceAll(/^event: .*/gm, "event: chunk"),
  ],
])("%s", async (_, text) => {
  const { parts, thrown } = await partsOf(text + reason("tool_use") + END);
  expect(thrown).toBeNull();
  const inputs = parts.map((part) => (part.type === "tool-call" ? part.inputText : ""));
  expect(inputs.join("")).toBe(BERN);
  expect(endOf({ parts, thrown })).toBe("tool-calls");
});

test("numbers beyond 2^53 in the start of a call keep their digits", async () => {
  const text = (start() + call({ id: 1 }) + stop(0)).replace('"id":1', '"id":9007199254740993');
  const { parts } = await partsOf(text);
  expect(parts.at(-1)).toMatchObject({ inputText: '{"id":9007199254740993}' });
});

test("each thinking block gets its own signature, also if none is closed", async () => {
  const { parts } = await partsOf(
    start() +
      thinking(0) +
      think(0, "A") +
      sign(0, "a") +
      thinking(1) +
      think(1, "B") +
      sign(1, "b") +
      reason("end_turn"),
  );
  expect(parts.filter(({ type }) => type === "reasoning")).toEqual([
    { type: "reasoning", text: "A" },
    { type: "reasoning", text: "", data: { signature: "a" } },
    { type: "reasoning", text: "B" },
    { type: "reasoning", text: "", data: { signature: "b" } },
  ]);
});

test("an opaque block with unknown additions is omitted", async () => {
  const { parts } = await partsOf(
    start() + open(0, { type: "odd", id: 1 }) + delta(0, { type: "odd_delta" }) + stop(0),
  );
  expect(parts.some(({ type }) => type === "reasoning")).toBe(false);
});

test("a complete message in one event is read", async () => {
  const message = {
    type: "message",
    id: "m",
    model: "c",
    content: [{ type: "text", text: "Hi" }],
    stop_reason: "end_turn",
  };
  const { parts, done } = await partsOf(event(message));
  expect(parts.map(({ type }) => type)).toEqual(["text", "usage", "finish"]);
  expect(done).toBe(true);
});

test.each([
  ["smaller", { output_tokens: 9 }, { output_tokens: 5 }],
  ["zero", { output_tokens: 9 }, { output_tokens: 0 }],
  ["empty", { output_tokens: 9 }, {}],
  ["null", { output_tokens: 9 }, null],
])("usage does not decrease: a later count that is %s", async (_, first, second) => {
  const { parts } = await partsOf(start() + say("a") + reason("end_turn", first) + reason("end_turn", second) + END);
  expect(parts.findLast(({ type }) => type === "usage")).toMatchObject({ usage: { inputTokens: 5, outputTokens: 9 } });
});
