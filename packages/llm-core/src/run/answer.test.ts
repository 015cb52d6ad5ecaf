import { describe, expect, it } from "vitest";
import type { StreamPart } from "../contract/model-answer.ts";
import { collect, failure, testBed } from "../test-support/test-bed.ts";
import { toToolCall } from "./answer.ts";

const tools = { look: { inputSchema: { type: "object" } }, jump: { inputSchema: { type: "object" } } };
const piece = (index: number, inputText: string, id?: string, name?: string): StreamPart => ({
  type: "tool-call",
  index,
  inputText,
  ...(id === undefined ? {} : { id }),
  ...(name === undefined ? {} : { name }),
});

describe("an invalid tool call is returned with its problem:", () => {
  it.each([
    ["nothing", "look", '{"a":1}', { input: { a: 1 }, rawInput: '{"a":1}', invalid: null }],
    ["none without arguments", "look", "", { input: {}, rawInput: "{}", invalid: null }],
    ["blank arguments", "look", " \n", { input: {}, rawInput: "{}", invalid: null }],
    [
      "arguments that are not JSON",
      "look",
      '{"a":',
      { input: null, rawInput: '{"a":', invalid: "the arguments are not JSON" },
    ],
    ["an unknown tool", "fly", "{}", { input: {}, invalid: 'there is no tool "fly"' }],
    ["an unknown tool named like a method", "toString", "{}", { invalid: 'there is no tool "toString"' }],
  ])("%s", (_, name, inputText, expected) => {
    expect(toToolCall({ id: "t", name, inputText }, tools)).toMatchObject({ id: "t", name, ...expected });
  });
});

it("does not parse arguments with too many values", () => {
  const inputText = `[${"{},".repeat(3_000_000)}0]`;
  expect(toToolCall({ id: "t", name: "look", inputText }, tools)).toMatchObject({
    input: null,
    rawInput: inputText,
    invalid: "the arguments are JSON of too many values",
  });
});

it("joins the chunks of several calls; each call is emitted when the next begins", async () => {
  const bed = testBed({
    a: {
      parts: [
        piece(0, '{"a"', "t1", "look"),
        piece(0, ":1}"),
        piece(1, "{}", "t2", "jump"),
        piece(2, "{", "t3", "look"),
        piece(2, "}"),
      ],
    },
  });
  const { toolCalls } = await bed.value(bed.llm.generateText({ prompt: "x", tools }));
  expect(toolCalls.map(({ id, name, input }) => [id, name, input])).toEqual([
    ["t1", "look", { a: 1 }],
    ["t2", "jump", {}],
    ["t3", "look", {}],
  ]);
});

it.each(["stream", "json"] as const)("by %s: a call without a name fails the answer", async (transport) => {
  const bed = testBed({ a: { parts: [piece(0, "{}", "t1", " ")] }, b: { text: "fine" } });
  const { provider, attempts } = await bed.value(bed.llm.generateText({ prompt: "x", tools, transport }));
  expect([provider, attempts[0]?.error?.code]).toEqual(["b", "invalid_response"]);
});

it("a chunk of a call that was already emitted fails the answer, because the emitted call was incomplete", async () => {
  const bed = testBed({
    a: { parts: [piece(0, '{"a":1', "t1", "look"), piece(1, "{}", "t2", "jump"), piece(0, "}")] },
    b: { text: "fine" },
  });
  const result = await bed.value(bed.llm.generateText({ prompt: "x", tools }));
  expect(result).toMatchObject({ provider: "b", text: "fine" });
  expect(result.attempts[0]?.error?.code).toBe("invalid_response");
});

it("calls with alternating chunks are emitted at the end of the answer", async () => {
  const begun = (index: number, name: string): StreamPart => ({
    type: "tool-call",
    index,
    id: `t${index}`,
    name,
    inputText: "",
    interleaved: true,
  });
  const bed = testBed({
    a: { parts: [begun(0, "look"), begun(1, "jump"), piece(0, '{"a"'), piece(1, "{}"), piece(0, ":1}")] },
  });
  const { events } = await bed.value(collect(bed.llm.streamText({ prompt: "x", tools })));
  const emitted = events.map((event) => (event.type === "tool-call" ? event.toolCall.rawInput : event.type));
  expect(emitted).toEqual(['{"a":1}', "{}", "attempt", "finish"]);
});

it("text and tool calls of a failed attempt are not in the answer of the next one", async () => {
  const bed = testBed({
    a: { parts: [{ type: "text", text: "half" }, piece(0, "{}", "t1", "look")], error: failure("auth"), failAfter: 2 },
    b: { parts: [piece(0, '{"b":2}', "t2", "jump")] },
  });
  const { text, toolCalls } = await bed.value(bed.llm.generateText({ prompt: "x", tools }));
  expect([text, toolCalls.map(({ id }) => id)]).toEqual(["", ["t2"]]);
});

it("parts of an unknown kind are ignored", async () => {
  const unknown = { type: "citation", text: "later" } as unknown as StreamPart;
  const bed = testBed({ a: { parts: [unknown, { type: "text", text: "whole" }, unknown] } });
  const stream = bed.llm.streamText({ prompt: "x" });
  const { events } = await bed.value(collect(stream));
  expect(events.map(({ type }) => type)).toEqual(["text", "attempt", "finish"]);
  expect((await stream.result).text).toBe("whole");
});

it("nothing after the end is read", async () => {
  const finish: StreamPart = {
    type: "finish",
    finishReason: "stop",
    rawFinishReason: "end",
    responseId: "r",
    responseModel: null,
  };
  const bed = testBed({
    a: {
      spec: 1,
      id: "a",
      name: "a",
      envKey: null,
      envModel: null,
      envBaseURL: null,
      defaultModel: "m",
      models: [],
      retired: {},
      capabilities: () => ({ ...CAN }),
      isConfigured: () => true,
      generate: () => Promise.reject(new Error("not called")),
      async *stream() {
        yield { type: "text", text: "whole" };
        yield finish;
        throw new Error("the socket broke after the end");
      },
    },
  });
  const result = await bed.value(bed.llm.generateText({ prompt: "x" }));
  expect(result).toMatchObject({ text: "whole", responseId: "r", rawFinishReason: "end" });
});

const CAN = {
  images: false,
  files: false,
  tools: false,
  forcedToolChoice: false,
  schema: ["prompt"],
  schemaWithStreaming: false,
  schemaWithTools: false,
  sampling: false,
  seed: false,
  stopSequences: false,
  reasoningEffort: [],
  silentReasoning: false,
  assistantPrefill: false,
  contextTokens: null,
  maxOutputTokens: null,
} as const;
