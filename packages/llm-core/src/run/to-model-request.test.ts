import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "../contract/call-options.ts";
import type { AssistantMessage, Message } from "../contract/message.ts";
import type { ModelCapabilities, ModelRequest } from "../contract/provider.ts";
import { failure, testBed } from "../test-support/test-bed.ts";

const everything: CallOptions = {
  prompt: "hello",
  system: "be brief",
  temperature: 0.5,
  topP: 0.9,
  maxOutputTokens: 500,
  stopSequences: ["END"],
  seed: 7,
  reasoningEffort: "low",
  tools: { look: { inputSchema: { type: "object" } } },
  toolChoice: "auto",
  responseFormat: { type: "json" },
  providerOptions: { a: { body: { x: 1 } }, b: { headers: { y: "2" } } },
};

async function requestOf(options: CallOptions, capabilities: Partial<ModelCapabilities> = {}) {
  const bed = testBed({ a: mockProvider({ id: "a", capabilities }) });
  const result = await bed.value(bed.llm.generateText(options));
  return { request: bed.provider("a").calls[0]?.request, warnings: result.warnings };
}

it("sends all options that a model supports, and only the options of its provider", async () => {
  const { request, warnings } = await requestOf({ ...everything, providerOptions: { a: { body: { x: 1 } } } });
  expect(warnings).toEqual([]);
  expect(request).toEqual({
    model: "a-model",
    messages: [
      { role: "system", content: "be brief" },
      { role: "user", content: "hello" },
    ],
    temperature: 0.5,
    topP: 0.9,
    maxOutputTokens: 500,
    stopSequences: ["END"],
    seed: 7,
    reasoningEffort: "low",
    tools: everything.tools,
    toolChoice: "auto",
    responseFormat: { type: "json" },
    providerOptions: { body: { x: 1 } },
  });
});

it("sends no unset option", async () => {
  const { request } = await requestOf({ prompt: "hello", temperature: undefined, tools: {}, stopSequences: [] });
  expect(Object.keys(request ?? {}).toSorted()).toEqual(["messages", "model"]);
});

it("messages that the caller appends during the call are not sent", async () => {
  const bed = testBed({ a: [{ error: failure("network"), delayMs: 10 }, {}] }, { recordContent: true });
  const messages: Message[] = [{ role: "user", content: "first" }];
  const call = bed.llm.generateText({ messages });
  messages.push({ role: "user", content: "second" });
  await bed.value(call);
  messages.push({ role: "user", content: "third" });
  const first = [{ role: "user", content: "first" }];
  expect(bed.provider("a").calls.map(({ request }) => request.messages)).toEqual([first, first]);
  expect(bed.records[0]?.content?.messages).toEqual(first);
});

describe("an option that a model does not support is dropped, with a warning:", () => {
  const cases: readonly [string, Partial<ModelCapabilities>, readonly (keyof ModelRequest)[], readonly string[]][] = [
    [
      "sampling",
      { sampling: false },
      ["temperature", "topP"],
      ["a/a-model does not support temperature: dropped", "a/a-model does not support topP: dropped"],
    ],
    ["seed", { seed: false }, ["seed"], ["a/a-model does not support seed: dropped"]],
    [
      "stop sequences",
      { stopSequences: false },
      ["stopSequences"],
      ["a/a-model does not support stopSequences: dropped"],
    ],
    [
      "effort",
      { reasoningEffort: [] },
      ["reasoningEffort"],
      ['a/a-model does not support reasoningEffort "low": dropped'],
    ],
    [
      "another effort",
      { reasoningEffort: ["high"] },
      ["reasoningEffort"],
      ['a/a-model does not support reasoningEffort "low": dropped'],
    ],
  ];
  it.each(cases)("%s", async (_, capabilities, dropped, expectedWarnings) => {
    const whole = await requestOf(everything);
    const { request, warnings } = await requestOf(everything, capabilities);
    expect(warnings).toEqual(expectedWarnings);
    const expected = Object.entries(whole.request ?? {}).filter(([name]) => !dropped.some((each) => each === name));
    expect(request).toEqual(Object.fromEntries(expected));
  });

  it("maxOutputTokens is limited to the maximum of the model", async () => {
    const { request, warnings } = await requestOf(everything, { maxOutputTokens: 100 });
    expect(request?.maxOutputTokens).toBe(100);
    expect(warnings).toEqual(["a/a-model answers with at most 100 tokens: maxOutputTokens lowered"]);
    expect((await requestOf(everything, { maxOutputTokens: 500 })).warnings).toEqual([]);
    expect((await requestOf({ prompt: "x" }, { maxOutputTokens: 100 })).request).not.toHaveProperty("maxOutputTokens");
  });

  it("only for the link that does not support it, and once for all its attempts", async () => {
    const picky = mockProvider({ id: "a", capabilities: { sampling: false }, steps: [{ error: failure("server") }] });
    const bed = testBed({ a: picky, b: {} });
    const result = await bed.value(bed.llm.generateText({ prompt: "x", temperature: 1 }));
    expect(result.warnings).toEqual(["a/a-model does not support temperature: dropped"]);
    expect(bed.provider("b").calls[0]?.request.temperature).toBe(1);
    expect(bed.records[0]?.warnings).toEqual(result.warnings);
  });
});

describe("transport", () => {
  const json = { type: "json" } as const;
  it.each<
    [string, CallOptions["transport"], Partial<ModelCapabilities>, CallOptions["responseFormat"], "stream" | "json"]
  >([
    ["streams by default", undefined, {}, undefined, "stream"],
    ["streams if requested", "stream", { schemaWithStreaming: false }, json, "stream"],
    ["is JSON if requested", "json", {}, undefined, "json"],
    [
      "is JSON if the model does not support a format while streaming",
      "auto",
      { schemaWithStreaming: false },
      json,
      "json",
    ],
    ["streams there without a format", "auto", { schemaWithStreaming: false }, undefined, "stream"],
    ["streams a format if the model supports that", undefined, {}, json, "stream"],
  ])("%s", async (_, transport, capabilities, responseFormat, expected) => {
    const bed = testBed({ a: mockProvider({ id: "a", capabilities }) });
    const result = await bed.value(bed.llm.generateText({ prompt: "x", transport, responseFormat }));
    expect(bed.provider("a").calls[0]?.transport).toBe(expected);
    expect(result.attempts[0]?.responseFormat).toEqual(responseFormat);
  });
});

describe("result.message is the assistant's turn, which can be appended unchanged:", () => {
  const signed = { type: "reasoning", text: "hm", data: { signature: "s1" } } as const;

  it("plain text is a string", async () => {
    const bed = testBed({ a: { text: ["one ", "two"] } });
    const { message } = await bed.value(bed.llm.generateText({ prompt: "x" }));
    expect(message).toEqual({ role: "assistant", content: "one two" });
  });

  it("reasoning with its signatures, text and tool calls are parts", async () => {
    const bed = testBed({
      a: {
        parts: [
          { type: "reasoning", text: "first " },
          { type: "reasoning", text: "block" },
          { type: "reasoning", text: "", data: { signature: "s1" } },
          { type: "reasoning", text: "second block" },
          { type: "text", text: "I look" },
          { type: "tool-call", index: 0, id: "t1", name: "look", inputText: '{"at"' },
          { type: "tool-call", index: 0, inputText: ":1}" },
          { type: "tool-call", index: 1, id: "t2", name: "look", inputText: "" },
        ],
      },
    });
    const { message, reasoning, toolCalls, finishReason } = await bed.value(
      bed.llm.generateText({ ...everything, responseFormat: undefined, providerOptions: undefined }),
    );
    const origin = { provider: "a", model: "a-model" };
    expect(message).toEqual({
      role: "assistant",
      content: [
        { type: "reasoning", text: "first block", origin, data: { signature: "s1" } },
        { type: "reasoning", text: "second block", origin },
        { type: "text", text: "I look" },
        { type: "tool-call", id: "t1", name: "look", input: { at: 1 } },
        { type: "tool-call", id: "t2", name: "look", input: {} },
      ],
    });
    expect(reasoning).toBe("first block\n\nsecond block");
    expect(toolCalls).toMatchObject([
      { rawInput: '{"at":1}', invalid: null },
      { rawInput: "{}", invalid: null },
    ]);
    expect(finishReason).toBe("tool-calls");
  });

  it("is accepted by the next call, with tool results", async () => {
    const bed = testBed({
      a: [
        { parts: [signed, { type: "tool-call", index: 0, id: "t1", name: "look", inputText: "{}" }] },
        { text: "done" },
      ],
    });
    const tools = { look: { inputSchema: { type: "object" } } };
    const first = await bed.value(bed.llm.generateText({ prompt: "x", tools }));
    const messages: Message[] = [
      { role: "user", content: "x" },
      first.message,
      { role: "tool", content: [{ type: "tool-result", toolCallId: "t1", toolName: "look", output: { seen: true } }] },
    ];
    await bed.value(bed.llm.generateText({ messages, tools }));
    expect(bed.provider("a").calls[1]?.request.messages).toEqual(messages);
  });

  describe("reasoning is sent only to its origin", () => {
    const from = (provider: string, model: string): AssistantMessage => ({
      role: "assistant",
      content: [
        { ...signed, origin: { provider, model } },
        { type: "text", text: "so" },
      ],
    });
    const mine = from("a", "a-model");
    const bare: AssistantMessage = { role: "assistant", content: [{ type: "text", text: "so" }] };
    const homeless: AssistantMessage = { role: "assistant", content: [signed, { type: "text", text: "so" }] };
    const thoughts: AssistantMessage = {
      role: "assistant",
      content: [{ ...signed, origin: { provider: "b", model: "b-model" } }],
    };
    it.each<[string, AssistantMessage, readonly AssistantMessage[]]>([
      ["the same provider and model", mine, [mine]],
      ["another model", from("a", "another"), [bare]],
      ["another provider", from("b", "a-model"), [bare]],
      ["unknown origin", homeless, [bare]],
      ["only reasoning of another origin", thoughts, []],
      ["plain text", { role: "assistant", content: "so" }, [{ role: "assistant", content: "so" }]],
    ])("%s", async (_, message, sent) => {
      const bed = testBed({ a: {} });
      const question: Message = { role: "user", content: "x" };
      const messages: Message[] = [question, message, question];
      const copy = structuredClone(messages);
      await bed.value(bed.llm.generateText({ messages }));
      expect(bed.provider("a").calls[0]?.request.messages).toEqual([question, ...sent, question]);
      expect(messages).toEqual(copy);
    });

    const called = (provider: string): AssistantMessage => ({
      role: "assistant",
      content: [
        {
          type: "tool-call",
          id: "t",
          name: "look",
          input: {},
          origin: { provider, model: "a-model" },
          data: { signature: "s" },
        },
      ],
    });
    const bareCall: AssistantMessage = {
      role: "assistant",
      content: [{ type: "tool-call", id: "t", name: "look", input: {} }],
    };
    it.each([
      ["the same provider and model", called("a"), called("a")],
      ["another provider", called("b"), bareCall],
      ["a call with nothing attached", bareCall, bareCall],
    ])("data attached to a tool call are sent only to their origin: %s", async (_, message, sent) => {
      const bed = testBed({ a: {} });
      const question: Message = { role: "user", content: "x" };
      const result: Message = {
        role: "tool",
        content: [{ type: "tool-result", toolCallId: "t", output: "seen" }],
      };
      await bed.value(bed.llm.generateText({ messages: [question, message, result] }));
      expect(bed.provider("a").calls[0]?.request.messages).toEqual([question, sent, result]);
    });

    it("after a fallback the next link gets none of it", async () => {
      const bed = testBed({ a: { error: failure("auth") }, b: {} });
      await bed.value(
        bed.llm.generateText({ messages: [{ role: "user", content: "x" }, mine, { role: "user", content: "y" }] }),
      );
      expect(bed.provider("a").calls[0]?.request.messages[1]).toEqual(mine);
      expect(bed.provider("b").calls[0]?.request.messages[1]).toEqual(bare);
    });
  });
});
