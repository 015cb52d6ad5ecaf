import type { StreamPart } from "@babylon/llm-core";
import type { TransportResponse } from "@babylon/provider-kit";
import { expect, test } from "vitest";
import { type ModelWire, PLAIN_TRAITS } from "../model-traits.ts";
import { readFixture } from "../test-support/read-fixture.ts";
import { fromStream } from "./from-stream.ts";
import { mapError } from "./map-error.ts";

async function* piecesOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

function reply(pieces: readonly Uint8Array[], contentType = "text/event-stream"): TransportResponse {
  const text = async () =>
    new TextDecoder().decode(await new Blob([...pieces].map((piece) => piece.slice())).arrayBuffer());
  return {
    status: 200,
    ok: true,
    url: "https://acme.test/v1/chat/completions",
    headers: new Headers({ "content-type": contentType, "x-request-id": "req_1" }),
    body: { [Symbol.asyncIterator]: () => piecesOf(pieces) },
    text,
    json: async () => JSON.parse(await text()),
  };
}

function open(response: TransportResponse, wire: Partial<ModelWire> = {}, signal = new AbortController().signal) {
  const source = {
    response,
    facts: { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: [] },
    wire: { ...PLAIN_TRAITS.wire, ...wire },
    classify: mapError,
    nowMs: 0,
  };
  return fromStream(async () => ({ response, source }), signal);
}

async function collect(stream: AsyncIterable<StreamPart>): Promise<StreamPart[]> {
  const parts: StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

async function partsOf(text: string, wire?: Partial<ModelWire>): Promise<StreamPart[]> {
  return collect(open(reply([new TextEncoder().encode(text)]), wire));
}

const read = (name: string, wire?: Partial<ModelWire>): Promise<StreamPart[]> =>
  partsOf(readFixture(`stream/${name}.txt`), wire);

const finish = (over: Partial<StreamPart & { type: "finish" }> = {}): StreamPart => ({
  type: "finish",
  finishReason: "stop",
  rawFinishReason: "stop",
  responseId: "chatcmpl-St1",
  responseModel: "gpt-6-luna-2026-09-02",
  ...over,
});

const USAGE: StreamPart = {
  type: "usage",
  usage: {
    inputTokens: 1210,
    outputTokens: 86,
    cachedInputTokens: 1024,
    cacheWriteInputTokens: null,
    longCacheWriteInputTokens: null,
    reasoningTokens: 64,
  },
};
const TEXT: StreamPart[] = [
  { type: "text", text: "Die Tür " },
  { type: "text", text: "ist offen 🎲." },
];
const GROQ = { responseId: "chatcmpl-2f8b", responseModel: "openai/gpt-oss-120b" };
const GROQ_USAGE: StreamPart = {
  type: "usage",
  usage: {
    inputTokens: 78,
    outputTokens: 29,
    cachedInputTokens: null,
    cacheWriteInputTokens: null,
    longCacheWriteInputTokens: null,
    reasoningTokens: 11,
  },
};

const STREAMS: readonly [string, Partial<ModelWire>, StreamPart[]][] = [
  ["openai-text", {}, [...TEXT, USAGE, finish()]],
  ["no-done", {}, [...TEXT, USAGE, finish()]],
  ["no-usage", {}, [...TEXT, finish()]],
  ["truncated", {}, TEXT],
  ["done-without-finish", {}, TEXT],
  ["done-without-finish", { doneIsEnough: true }, [...TEXT, finish({ rawFinishReason: null })]],
  ["truncated", { doneIsEnough: true }, TEXT],
  ["truncated-mid-event", {}, []],
  [
    "openai-tool-calls",
    {},
    [
      { type: "tool-call", index: 0, id: "call_a", name: "buy", inputText: "", interleaved: true },
      { type: "tool-call", index: 0, inputText: '{"market":' },
      { type: "tool-call", index: 0, inputText: '"m-7"}' },
      { type: "tool-call", index: 1, id: "call_b", name: "wait", inputText: "", interleaved: true },
      USAGE,
      { type: "tool-call", index: 1, inputText: "{}" },
      finish({ finishReason: "tool-calls", rawFinishReason: "tool_calls" }),
    ],
  ],
  [
    "tool-calls-interleaved",
    {},
    [
      { type: "tool-call", index: 0, id: "x", name: "f", inputText: '{"a"', interleaved: true },
      { type: "tool-call", index: 1, id: "y", name: "g", inputText: "", interleaved: true },
      { type: "tool-call", index: 0, inputText: ":1}" },
      { type: "tool-call", index: 1, inputText: "{}" },
      finish({ finishReason: "tool-calls", rawFinishReason: "tool_calls" }),
    ],
  ],
  [
    "tool-calls-without-index",
    {},
    [
      { type: "tool-call", index: 0, id: "x", name: "f", inputText: "", interleaved: true },
      { type: "tool-call", index: 1, id: "y", name: "g", inputText: "", interleaved: true },
      { type: "tool-call", index: 0, inputText: "{}" },
      { type: "tool-call", index: 1, inputText: "{}" },
      finish({ finishReason: "tool-calls" }),
    ],
  ],
  [
    "tool-calls-all-zero",
    {},
    [
      { type: "tool-call", index: 0, id: "x", name: "f", inputText: "", interleaved: true },
      { type: "tool-call", index: 1, id: "y", name: "g", inputText: "", interleaved: true },
      { type: "tool-call", index: 0, inputText: "{}" },
      { type: "tool-call", index: 1, inputText: "{}" },
      finish({ finishReason: "tool-calls" }),
    ],
  ],
  [
    "groq-reasoning",
    {},
    [
      { type: "reasoning", text: "3 times " },
      { type: "reasoning", text: "3 is 9." },
      { type: "text", text: "Nine" },
      { type: "text", text: "." },
      GROQ_USAGE,
      finish(GROQ),
    ],
  ],
  ["groq-x-usage-only", {}, [{ type: "text", text: "Nine" }, GROQ_USAGE, finish(GROQ)]],
  ["reasoning-content", {}, [{ type: "reasoning", text: "hm" }, { type: "text", text: "A" }, finish()]],
  [
    "usage-replaced",
    {},
    [
      { type: "text", text: "A" },
      {
        type: "usage",
        usage: {
          inputTokens: 5,
          outputTokens: 1,
          cachedInputTokens: null,
          cacheWriteInputTokens: null,
          longCacheWriteInputTokens: null,
          reasoningTokens: null,
        },
      },
      { type: "text", text: "B" },
      {
        type: "usage",
        usage: {
          inputTokens: 5,
          outputTokens: 2,
          cachedInputTokens: null,
          cacheWriteInputTokens: null,
          longCacheWriteInputTokens: null,
          reasoningTokens: null,
        },
      },
      finish(),
    ],
  ],
  [
    "openai-refusal",
    {},
    [
      { type: "text", text: "I can't " },
      { type: "text", text: "do that." },
      finish({ finishReason: "content-filter" }),
    ],
  ],
  [
    "openai-content-filter",
    {},
    [{ type: "text", text: "First" }, finish({ finishReason: "content-filter", rawFinishReason: "content_filter" })],
  ],
  [
    "think-tags",
    { thinkTags: true },
    [
      { type: "reasoning", text: "Is it 4?" },
      { type: "reasoning", text: " Yes." },
      { type: "text", text: "Four" },
      { type: "text", text: "." },
      finish(),
    ],
  ],
  ["unknown-events", {}, [{ type: "text", text: "A" }, finish()]],
];

test.each(STREAMS)("reads %s with %j", async (name, wire, expected) => {
  expect(await read(name, wire)).toEqual(expected);
});

test.each(STREAMS)("reads %s with %j with CRLF", async (name, wire, expected) => {
  expect(await partsOf(readFixture(`stream/${name}.txt`).replaceAll("\n", "\r\n"), wire)).toEqual(expected);
});

test.each(["openai-text", "groq-reasoning", "openai-tool-calls"])("reads %s the same under every cut", async (name) => {
  const bytes = new TextEncoder().encode(readFixture(`stream/${name}.txt`));
  const whole = await collect(open(reply([bytes])));
  for (let cut = 1; cut < bytes.length; cut++) {
    const parts = await collect(open(reply([bytes.slice(0, cut), bytes.slice(cut)])));
    expect(parts, `cut at ${cut}`).toEqual(whole);
  }
});

test.each<[string, string, Partial<Record<string, unknown>>]>([
  ["malformed", "invalid_response", { status: 200, retryable: true }],
  ["not-an-object", "invalid_response", {}],
  ["given-up", "truncated", { retryable: true }],
  ["error-quota", "quota", { status: null, retryable: false, fallback: true }],
  ["error-rate-limit", "rate_limit", { status: null, retryAfterMs: 6000 }],
  ["error-event-overloaded", "overloaded", {}],
  ["error-event-bare", "server", { message: "Acme sent an error: boom" }],
  ["error-event-text", "server", { message: "Acme sent an error: upstream failed" }],
  ["error-server", "server", {}],
  ["error-stated-status", "server", { message: "Acme sent an error: Provider returned error" }],
  ["error-invalid-request", "invalid_request", { retryable: false }],
  ["error-groq", "server", { message: "Acme sent an error: over capacity, try later" }],
])("%s is %s", async (name, code, facts) => {
  await expect(read(name)).rejects.toMatchObject({ code, requestId: "req_1", provider: "acme", ...facts });
});

const STOP = '"finish_reason":"stop"';
/** A recorded answer whose end has another reason. */
const endedWith = (reason: string, name: string): string =>
  readFixture(`stream/${name}.txt`).replace(STOP, `"finish_reason":${JSON.stringify(reason)}`);

test.each([
  ["insufficient_system_resource", "overloaded"],
  ["Overloaded", "overloaded"],
  ["network_error", "truncated"],
  ["CANCELLED", "truncated"],
  ["failed", "truncated"],
  ["timeout", "truncated"],
  ["malformed_function_call", "invalid_response"],
])("an end for the reason %s is %s, with and without the end marker", async (reason, code) => {
  for (const name of ["openai-text", "no-done"]) {
    await expect(partsOf(endedWith(reason, name))).rejects.toMatchObject({ code, status: 200, requestId: "req_1" });
  }
});

test("a failure after an early stop is a failure", async () => {
  const failed = '\ndata: {"choices":[{"index":0,"delta":{},"finish_reason":"insufficient_system_resource"}]}\n\n';
  const text = readFixture("stream/openai-text.txt").replace("data: [DONE]", `${failed}data: [DONE]`);
  await expect(partsOf(text)).rejects.toMatchObject({ code: "overloaded" });
});

test("an unknown finish reason counts only with the end marker", async () => {
  const other = finish({ finishReason: "other", rawFinishReason: "odd_new_reason" });
  expect(await partsOf(endedWith("odd_new_reason", "openai-text"))).toEqual([...TEXT, USAGE, other]);
  expect(await partsOf(endedWith("odd_new_reason", "no-done"))).toEqual([...TEXT, USAGE]);
  await expect(collect(open(failing(endedWith("odd_new_reason", "no-done"), terminated)))).rejects.toMatchObject({
    code: "network",
  });
});

test.each<[string, string, string]>([
  ["", "text/event-stream", "invalid_response"],
  [": only a comment\n\n", "text/event-stream", "invalid_response"],
  ["<!doctype html><html></html>", "text/html; charset=utf-8", "invalid_response"],
  ["<!doctype html><html></html>", "text/event-stream", "invalid_response"],
  ['{"error":{"message":"x","code":"insufficient_quota"}}', "application/json", "quota"],
  ['{"error":{"message":"x"}}', "application/json; charset=utf-8", "server"],
  ["", "application/json", "invalid_response"],
])("no stream: %j as %s is %s", async (text, contentType, code) => {
  const stream = open(reply([new TextEncoder().encode(text)], contentType));
  await expect(collect(stream)).rejects.toMatchObject({
    code,
    status: code === "quota" || code === "server" ? null : 200,
  });
});

test("a whole answer instead of a stream is read as one", async () => {
  const body = new TextEncoder().encode(readFixture("response/openai-tool-calls.json"));
  expect(await collect(open(reply([body], "application/json")))).toEqual([
    { type: "tool-call", index: 0, id: "call_Hk1", name: "buy", inputText: '{"market":"m-7","shares":3}' },
    { type: "tool-call", index: 1, id: "call_Hk2", name: "wait", inputText: "{}" },
    {
      type: "usage",
      usage: {
        inputTokens: 90,
        outputTokens: 31,
        cachedInputTokens: null,
        cacheWriteInputTokens: null,
        longCacheWriteInputTokens: null,
        reasoningTokens: null,
      },
    },
    finish({ finishReason: "tool-calls", rawFinishReason: "tool_calls", responseId: "chatcmpl-CzOai2" }),
  ]);
});

/** A reply whose body gives the bytes and then fails. */
function failing(text: string, error: unknown): TransportResponse {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(text);
    throw error;
  }
  return { ...reply([]), body: { [Symbol.asyncIterator]: body } };
}

const terminated = new TypeError("terminated", { cause: Object.assign(new Error("x"), { code: "UND_ERR_SOCKET" }) });

test("a connection that breaks before the finish reason is a network error, after it nothing is lost", async () => {
  const before = open(failing(readFixture("stream/truncated.txt"), terminated));
  await expect(collect(before)).rejects.toMatchObject({ code: "network", retryable: true });
  const after = open(failing(readFixture("stream/no-usage.txt"), terminated));
  expect((await collect(after)).at(-1)).toEqual(finish());
});

test("an abort surfaces the signal's reason, and takes nothing of an answer that is whole", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  controller.abort(reason);
  const half = open(failing(readFixture("stream/truncated.txt"), reason), {}, controller.signal);
  await expect(collect(half)).rejects.toBe(reason);
  const whole = open(failing(readFixture("stream/no-usage.txt"), reason), {}, controller.signal);
  expect((await collect(whole)).at(-1)).toEqual(finish());
});

test("nothing is sent before the first pull", async () => {
  let opened = 0;
  const stream = fromStream(async () => {
    opened += 1;
    throw new Error("sent");
  }, new AbortController().signal);
  expect(opened).toBe(0);
  await expect(stream.next()).rejects.toThrow("sent");
});
