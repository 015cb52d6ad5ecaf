import { describe, expect, it } from "vitest";
import type { Message } from "../contract/message.ts";
import type { StreamPart } from "../contract/model-answer.ts";
import { collect, testBed } from "../test-support/test-bed.ts";
import { toParts } from "./to-parts.ts";

const tools = { look: { inputSchema: { type: "object" } } };
const think = (text: string, data?: Record<string, string>): StreamPart => ({
  type: "reasoning",
  text,
  ...(data === undefined ? {} : { data }),
});
const say = (text: string): StreamPart => ({ type: "text", text });
const call = (index: number, id: string, inputText = "{}"): StreamPart => ({
  type: "tool-call",
  index,
  id,
  name: "look",
  inputText,
});

/** The kinds of a message's parts in order, each with the start of its content. */
function orderOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return content
    .map((part) => {
      if (part.type === "text") return `text ${part.text}`;
      if (part.type === "tool-call") return `call ${part.id}`;
      if (part.type !== "reasoning") return part.type;
      return `think ${part.text}${part.data === undefined ? "" : ` ${JSON.stringify(part.data)}`}`;
    })
    .join("|");
}

describe("the parts of a message keep their order of arrival:", () => {
  it.each<[string, StreamPart[], string, string | null]>([
    ["text alone is a string", [say("a"), say("b")], "ab", null],
    [
      "thinking before, between and after text and calls",
      [think("A"), think("", { s: "1" }), say("x"), think("B"), think("", { s: "2" }), call(0, "t")],
      'think A {"s":"1"}|text x|think B {"s":"2"}|call t',
      "A\n\nB",
    ],
    [
      "calls between thinking blocks",
      [think("A", { s: "1" }), call(0, "t"), think("B", { s: "2" }), call(1, "u")],
      'think A {"s":"1"}|call t|think B {"s":"2"}|call u',
      "A\n\nB",
    ],
    ["text between calls", [say("a"), call(0, "t"), say("b"), call(1, "u")], "text a|call t|text b|call u", null],
    [
      "unclosed thinking blocks are separate parts, and one reasoning",
      [think("A"), say("x"), think("B"), say("y")],
      "think A|text x|think B|text y",
      "AB",
    ],
    [
      "the end of a thinking block belongs to it, whatever came in between",
      [think("A"), say("x"), think("", { s: "1" })],
      'think A {"s":"1"}|text x',
      "A",
    ],
    [
      "data without a thinking block are a separate part",
      [think("", { r: "z" }), say("x")],
      'think  {"r":"z"}|text x',
      null,
    ],
    ["an empty thinking block is dropped", [think(""), say("x")], "x", null],
  ])("%s", async (_, parts, order, reasoning) => {
    for (const transport of ["stream", "json"] as const) {
      const bed = testBed({ a: { parts } });
      const result = await bed.value(bed.llm.generateText({ prompt: "x", tools, transport }));
      expect(orderOf(result.message)).toBe(order);
      expect(result.reasoning).toBe(reasoning);
    }
  });

  it("the blocks of a JSON answer are parts in their order; without blocks the order is reasoning, text, calls", () => {
    const usage = {
      inputTokens: null,
      outputTokens: null,
      cachedInputTokens: null,
      cacheWriteInputTokens: null,
      longCacheWriteInputTokens: null,
      reasoningTokens: null,
    };
    const end = { finishReason: "stop", rawFinishReason: "end", usage, responseId: null, responseModel: null } as const;
    const whole = {
      text: "x",
      reasoning: [{ text: "A" }],
      toolCalls: [{ id: "t", name: "look", inputText: "{}" }],
      ...end,
    };
    expect(toParts(whole).map(({ type }) => type)).toEqual(["reasoning", "text", "tool-call", "usage", "finish"]);
    const blocks = [
      { type: "text", text: "x" },
      { type: "tool-call", id: "t", name: "look", inputText: "{}" },
      { type: "reasoning", text: "A" },
    ] as const;
    const parts = toParts({ ...whole, blocks });
    expect(parts.map(({ type }) => type)).toEqual(["text", "tool-call", "reasoning", "usage", "finish"]);
    expect(parts[1]).toMatchObject({ index: 0 });
  });
});

describe("ids of tool calls are unique over a conversation:", () => {
  const before: Message[] = [
    { role: "user", content: "x" },
    { role: "assistant", content: [{ type: "tool-call", id: "call_0", name: "look", input: {} }] },
    { role: "tool", content: [{ type: "tool-result", toolCallId: "call_0", output: "ok" }] },
  ];
  it.each<[string, StreamPart[], string[]]>([
    ["none given", [call(0, ""), call(1, "")], ["call_0_2", "call_1"]],
    ["one of an earlier turn", [call(0, "call_0")], ["call_0_2"]],
    ["the same twice", [call(0, "t"), call(1, "t"), call(2, "t")], ["t", "t_2", "t_3"]],
    ["others stay", [call(0, "functions.look:7")], ["functions.look:7"]],
  ])("%s", async (_, parts, ids) => {
    const bed = testBed({ a: { parts } });
    const { toolCalls, message } = await bed.value(bed.llm.generateText({ messages: before, tools }));
    expect(toolCalls.map(({ id }) => id)).toEqual(ids);
    expect(orderOf(message)).toBe(ids.map((id) => `call ${id}`).join("|"));
  });
});

describe("an empty answer", () => {
  const finish = (finishReason: "stop" | "other", mayBeEmpty?: boolean): StreamPart => ({
    type: "finish",
    finishReason,
    rawFinishReason: "end",
    responseId: null,
    responseModel: null,
    ...(mayBeEmpty === undefined ? {} : { mayBeEmpty }),
  });
  const afterTool: Message[] = [
    { role: "user", content: "x" },
    { role: "assistant", content: [{ type: "tool-call", id: "t", name: "look", input: {} }] },
    { role: "tool", content: [{ type: "tool-result", toolCallId: "t", output: "ok" }] },
  ];
  const question: Message[] = [{ role: "user", content: "x" }];
  it.each<[string, Message[], StreamPart, string | null]>([
    ["is an invalid response", question, finish("stop"), "invalid_response"],
    ["is accepted after the result of a tool", afterTool, finish("stop"), null],
    ["is invalid there with an unknown finish reason", afterTool, finish("other"), "invalid_response"],
    ["is accepted if the adapter reports it as complete", question, finish("other", true), null],
  ])("%s", async (_, messages, end, code) => {
    const bed = testBed({ a: { parts: [end] } }, { retry: { maxRetries: 0 } });
    const ended = await bed.ending(bed.llm.generateText({ messages, tools }));
    expect(ended.error?.code ?? null).toBe(code);
    if (code === null) expect(ended.value).toMatchObject({ text: "", message: { role: "assistant", content: "" } });
  });
});

it("numbers beyond 2^53 in a tool call are exact in rawInput and cause a warning", async () => {
  const bed = testBed({
    a: { parts: [call(0, "t", '{"id":9007199254740993}'), call(1, "u", '{"id":"9007199254740993"}')] },
  });
  const { toolCalls, warnings } = await bed.value(bed.llm.generateText({ prompt: "x", tools }));
  expect(toolCalls.map(({ rawInput }) => rawInput)).toEqual(['{"id":9007199254740993}', '{"id":"9007199254740993"}']);
  expect(warnings).toEqual(['a/a-model called "look" with a number beyond 2^53, which only rawInput has exactly']);
});

describe("a tool call is emitted when its wire marks it as complete:", () => {
  const begin = (index: number): StreamPart => ({
    type: "tool-call",
    index,
    id: `t${index}`,
    name: "look",
    inputText: "",
    interleaved: true,
  });
  const piece = (index: number, inputText: string, complete?: true): StreamPart => ({
    type: "tool-call",
    index,
    inputText,
    ...(complete === undefined ? {} : { complete }),
  });
  it("at its end, before the next one begins", async () => {
    const parts = [begin(0), piece(0, '{"a":1}'), piece(0, "", true), say("x"), begin(1), piece(1, "{}", true)];
    const bed = testBed({ a: { parts } });
    const { events } = await bed.value(collect(bed.llm.streamText({ prompt: "x", tools })));
    expect(events.map(({ type }) => type)).toEqual(["tool-call", "text", "tool-call", "attempt", "finish"]);
  });

  it("in their order, also if chunks of two calls alternate", async () => {
    const parts = [
      begin(0),
      begin(1),
      piece(1, '{"b"'),
      piece(0, '{"a"'),
      piece(1, ":2}", true),
      say("x"),
      piece(0, ":1}", true),
      say("y"),
    ];
    const bed = testBed({ a: { parts } });
    const { events } = await bed.value(collect(bed.llm.streamText({ prompt: "x", tools })));
    expect(events.map(({ type }) => type)).toEqual(["text", "tool-call", "tool-call", "text", "attempt", "finish"]);
    const inputs = events.flatMap((event) => (event.type === "tool-call" ? [event.toolCall.input] : []));
    expect(inputs).toEqual([{ a: 1 }, { b: 2 }]);
  });
});
