import { isLLMError, type StreamPart } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import { type ModelWire, PLAIN_TRAITS } from "../model-traits.ts";
import { createEventMapper } from "./from-event.ts";
import { fromResponse } from "./from-response.ts";
import { mapError } from "./map-error.ts";
import type { ReplySource } from "./reply-source.ts";

const source = (wire: Partial<ModelWire> = {}, multipleAnswers = false): ReplySource => ({
  response: { status: 200, headers: new Headers() },
  facts: { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: [] },
  wire: { ...PLAIN_TRAITS.wire, ...wire },
  classify: mapError,
  nowMs: 0,
  multipleAnswers,
});

/** What an answer is in the end, or how it failed. */
interface Answer {
  readonly text?: string;
  readonly reasoning?: string;
  readonly calls?: readonly (readonly [string, string])[];
  readonly finish?: string | null;
  readonly failed?: string;
  readonly isWhole?: boolean;
}

function answerOf(parts: readonly StreamPart[], isWhole: boolean): Answer {
  const said = (type: "text" | "reasoning"): string =>
    parts.map((part) => (part.type === type ? part.text : "")).join("");
  const calls = new Map<number, [string, string]>();
  for (const part of parts) {
    if (part.type !== "tool-call") continue;
    const [name, input] = calls.get(part.index) ?? ["", ""];
    calls.set(part.index, [part.name ?? name, input + part.inputText]);
  }
  const last = parts.at(-1);
  const finish = last?.type === "finish" ? last.finishReason : null;
  return { text: said("text"), reasoning: said("reasoning"), calls: [...calls.values()], finish, isWhole };
}

/** Reads events; a string is the data as it is. Ends like a body that ends. */
function read(events: readonly unknown[], of: ReplySource = source()): Answer {
  const mapper = createEventMapper(of);
  const parts: StreamPart[] = [];
  try {
    for (const event of events) {
      const data = typeof event === "string" ? event : JSON.stringify(event);
      if (!mapper.isDone()) parts.push(...mapper.map({ event: null, data }));
    }
    const isWhole = mapper.isWhole();
    return answerOf([...parts, ...mapper.end()], isWhole);
  } catch (thrown) {
    return { failed: isLLMError(thrown) ? thrown.code : String(thrown) };
  }
}

const choice = (delta: object, reason: string | null = null, index = 0) => ({ index, delta, finish_reason: reason });
const chunk = (delta: object, reason: string | null = null) => ({ id: "c", choices: [choice(delta, reason)] });
const says = (content: string, reason: string | null = null) => chunk({ content }, reason);
const ends = (reason: string) => chunk({}, reason);
const call = (index = 0) => ({
  tool_calls: [{ index, id: `t${index}`, function: { name: "a", arguments: '{"city":"X"}' } }],
});
const DONE = "[DONE]";

test.each<[string, readonly unknown[], Answer]>([
  ["the last reason counts", [says("a", "stop"), says("b"), ends("length")], { text: "ab", finish: "length" }],
  [
    "text after the reason opens the answer",
    [says("a", "stop"), says("b")],
    { text: "ab", finish: null, isWhole: false },
  ],
  ["also with the end marker", [says("a", "stop"), says("b"), DONE], { finish: null }],
  ["reasoning opens it", [says("a", "stop"), chunk({ reasoning: "b" })], { finish: null }],
  ["a tool call opens it", [says("a", "stop"), chunk(call())], { finish: null }],
  ["and ends it again", [says("a", "stop"), chunk(call(), "tool_calls")], { finish: "tool-calls", isWhole: true }],
  [
    "nothing does not open it",
    [says("a", "stop"), says(""), { id: "c", choices: [] }],
    { finish: "stop", isWhole: true },
  ],
  ["a reason on each chunk", [says("a", "stop"), says("b", "stop")], { text: "ab", finish: "stop" }],
  ["a reason that is none yet", [says("a", "null"), says("b", ""), ends("stop")], { finish: "stop" }],
  ["a reason before anything", [ends("stop")], { text: "", isWhole: false }],
  ["calls that were announced and did not come", [says("a", "tool_calls")], { finish: null, isWhole: false }],
  ["the same, with the end marker", [says("a", "tool_calls"), DONE], { finish: "tool-calls" }],
  ["a failure after a stop", [says("a", "stop"), ends("error")], { failed: "truncated" }],
  ["an error after a stop", [says("a", "stop"), { error: { code: 503, message: "x" } }], { failed: "overloaded" }],
  ["garbage after a stop", [says("a", "stop"), '{"usage":{"prompt', "oops", '"x"'], { text: "a", finish: "stop" }],
  ["garbage before it", [says("a"), '{"choices":[{"del'], { failed: "invalid_response" }],
  ["pings before it", [says("a"), "null", "ping", "0.1", "[]", says("b", "stop")], { text: "ab", finish: "stop" }],
  ["an end marker in small letters", [says("a", "stop"), "[done]", says("b")], { text: "a", finish: "stop" }],
  [
    "a message in the place of a delta",
    [{ choices: [{ message: { content: "a" }, finish_reason: "stop" }] }],
    { text: "a" },
  ],
  [
    "the whole message once more",
    [says("a"), says("b"), { choices: [{ message: { content: "ab" }, finish_reason: "stop" }] }],
    { text: "ab", finish: "stop" },
  ],
  [
    "the whole message once more, without outer white space",
    [says("Hi "), { choices: [{ message: { content: "Hi" }, finish_reason: "stop" }] }],
    { text: "Hi ", finish: "stop" },
  ],
  [
    "tool calls after nothing but white space",
    [says("\n"), { choices: [{ message: { content: " ", ...call() }, finish_reason: "tool_calls" }] }],
    { calls: [["a", '{"city":"X"}']], finish: "tool-calls" },
  ],
  ["a list of chunks", [[says("a"), says("b", "stop")]], { text: "ab", finish: "stop" }],
])("%s", (_, events, expected) => {
  expect(read(events)).toMatchObject(expected);
});

test.each(["reasoning", "reasoning_content", "reasoning_text", "thinking", "thought"])(
  "%s is reasoning, in a stream and in JSON",
  (name) => {
    const message = { [name]: "hm", content: "a" };
    expect(read([chunk(message, "stop")])).toMatchObject({ reasoning: "hm", text: "a" });
    const json = JSON.stringify({ choices: [{ message, finish_reason: "stop" }] });
    expect(fromResponse(json, source())).toMatchObject({ text: "a", reasoning: [{ text: "hm" }] });
  },
);

test.each<[string, object]>([
  ["details", { reasoning_details: [{ type: "reasoning.text", text: "hm" }], content: "a" }],
  ["blocks", { thinking_blocks: [{ type: "thinking", thinking: "hm", signature: "s" }], content: "a" }],
  [
    "parts of the content",
    {
      content: [
        { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
        { type: "text", text: "a" },
      ],
    },
  ],
  ["two names of the same", { reasoning: "hm", reasoning_content: "hm", content: "a" }],
])("reasoning in %s", (_, message) => {
  expect(read([chunk(message, "stop")])).toMatchObject({ reasoning: "hm", text: "a" });
});

test("details of the reasoning are kept for the next turn, joined by their index", () => {
  const detail = (more: object) => chunk({ reasoning_details: [{ type: "reasoning.text", index: 0, ...more }] });
  const mapper = createEventMapper(source());
  for (const event of [detail({ text: "h" }), detail({ text: "m", signature: "s" }), says("a", "stop")]) {
    mapper.map({ event: null, data: JSON.stringify(event) });
  }
  expect(mapper.end()).toContainEqual({
    type: "reasoning",
    text: "",
    data: { reasoning_details: [{ type: "reasoning.text", index: 0, text: "hm", signature: "s" }] },
  });
});

describe("of several choices", () => {
  const both = (first: object, second: object) => ({ id: "c", choices: [first, second] });
  const many = (count: number) => Array.from({ length: count }, (_, index) => choice({ content: "a" }, "stop", index));

  test.each<[string, readonly unknown[], Answer]>([
    ["128", [{ id: "c", choices: many(128) }], { text: "a", finish: "stop" }],
    ["129", [{ id: "c", choices: many(129) }], { failed: "invalid_response" }],
    ["129 in as many events", many(129).map((one) => ({ id: "c", choices: [one] })), { failed: "invalid_response" }],
  ])("%s", (_, events, expected) => {
    expect(read(events)).toMatchObject(expected);
  });

  test("calls of another one are the answer's", () => {
    const events = [says("I look."), both(choice({}, "tool_calls"), choice(call(), "tool_calls", 1))];
    expect(read(events)).toMatchObject({ text: "I look.", calls: [["a", '{"city":"X"}']], finish: "tool-calls" });
  });

  test("calls of each are, too, and the text of the second where the first has none", () => {
    const events = [both(choice(call(), "tool_calls"), choice({ ...call(), content: "I look." }, "tool_calls", 1))];
    expect(read(events)).toMatchObject({
      text: "I look.",
      calls: [
        ["a", '{"city":"X"}'],
        ["a", '{"city":"X"}'],
      ],
    });
  });

  test("the answer is open until each that has said something has ended", () => {
    const events = [both(choice({ content: "I look." }, "tool_calls"), choice(call(), null, 1))];
    expect(read(events)).toMatchObject({ finish: null, isWhole: false });
  });

  test("texts are not mixed, whichever ends first", () => {
    const second = { id: "c", choices: [choice({ content: "B" }, "stop", 1)] };
    expect(read([second, says("A", "length"), DONE])).toMatchObject({ text: "A", finish: "length" });
    expect(read([second, says("A", "length"), DONE], source({}, true))).toMatchObject({ text: "A", finish: "length" });
    expect(read([second, says("A")])).toMatchObject({ text: "A", finish: null });
  });

  test("each choice is a separate answer if several were requested", () => {
    const events = [both(choice({ content: "A" }, "stop"), choice(call(), "tool_calls", 1))];
    expect(read(events, source({}, true))).toMatchObject({ text: "A", calls: [], finish: "stop" });
  });
});

describe("two answers in one stream", () => {
  const part = (id: string, delta: object, reason: string | null = null) => ({ id, choices: [choice(delta, reason)] });
  const opens = (id: string, content = "") => part(id, { role: "assistant", content });
  const adds = (id: string, content: string, reason: string | null = null) => part(id, { content }, reason);
  const begun = [opens("a"), adds("a", "Hel"), adds("a", "lo")];
  const FAILED: Answer = { failed: "invalid_response" };

  test.each<[string, readonly unknown[], Answer]>([
    ["begins again with a role", [...begun, opens("b"), adds("b", "Hello", "stop")], FAILED],
    ["also with text in it", [...begun, opens("b", "Hello"), adds("b", "", "stop")], FAILED],
    ["after reasoning alone", [opens("a"), part("a", { reasoning: "Hm" }), opens("b")], FAILED],
    ["after a tool call alone", [opens("a"), part("a", call()), opens("b")], FAILED],
    ["as a message", [...begun, { id: "b", choices: [{ message: { role: "assistant", content: "x" } }] }], FAILED],
    ["in single chunks", [opens("a", "Hel"), opens("b", "He"), adds("b", "llo", "stop")], FAILED],
    ["without a role after a reason", [...begun, adds("a", "", "stop"), adds("b", "Hi")], FAILED],
    ["after a reason that is unknown", [...begun, adds("a", "", "odd"), opens("b")], FAILED],
    [
      "after the first one is whole, which stands",
      [...begun, adds("a", "", "stop"), opens("b"), adds("b", "Other"), DONE],
      { text: "Hello", finish: "stop", isWhole: true },
    ],
  ])("%s", (_, events, expected) => {
    expect(read(events)).toMatchObject(expected);
  });

  const HELLO: Answer = { text: "Hello", finish: "stop" };
  test.each<[string, readonly unknown[], Answer]>([
    ["another id in each chunk", [opens("a"), adds("b", "Hel"), adds("c", "lo"), part("d", {}, "stop")], HELLO],
    [
      "another id and a role in each chunk",
      [opens("a", "He"), opens("b", "l"), opens("c", "lo"), part("d", {}, "stop")],
      HELLO,
    ],
    ["another id for the first chunk", [opens("x"), adds("a", "Hel"), adds("a", "lo", "stop")], HELLO],
    [
      "the same, with a role in each",
      [opens("x", "H"), opens("a", "el"), opens("a", "lo"), part("a", {}, "stop")],
      HELLO,
    ],
    [
      "another id for the role, before any text",
      [opens("x"), opens("x"), opens("a"), adds("a", "Hello", "stop")],
      HELLO,
    ],
    ["another id for the end", [...begun, part("b", { role: "assistant", content: "" }, "stop")], HELLO],
    [
      "another id in the middle, without a role",
      [...begun, adds("b", "!"), adds("a", "", "stop")],
      { text: "Hello!", finish: "stop" },
    ],
    ["no id for a while", [...begun, opens(""), adds("a", "", "stop")], HELLO],
    [
      "another id for the repetition of the message",
      [...begun, { id: "b", choices: [{ message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }] }],
      HELLO,
    ],
  ])("one answer: %s", (_, events, expected) => {
    expect(read(events)).toMatchObject(expected);
  });

  test("each of several answers has an id of its own", () => {
    const at = (id: string, index: number) => ({
      id,
      choices: [choice({ role: "assistant", content: id }, null, index)],
    });
    const events = [at("a", 0), at("a", 0), at("b", 1), at("b", 1), at("a", 0), at("b", 1), adds("a", "", "stop")];
    expect(read(events, source({}, true))).toMatchObject({ text: "aaa", finish: "stop" });
  });
});

describe("the complete message in the last chunk", () => {
  const ended = (message: object, reason = "tool_calls") => ({ choices: [{ message, finish_reason: reason }] });
  const calls = (...cities: readonly string[]) => ({
    tool_calls: cities.map((city) => ({ id: `t${city}`, function: { name: "a", arguments: `{"city":"${city}"}` } })),
  });
  const nameless = (...cities: readonly string[]) => ({
    tool_calls: calls(...cities).tool_calls.map(({ function: of }) => ({ function: of })),
  });
  const x = ["a", '{"city":"X"}'] as const;
  const y = ["a", '{"city":"Y"}'] as const;

  test.each<[string, readonly unknown[], Answer]>([
    [
      "has calls that were not streamed",
      [says("Hi"), ended({ content: "Hi", ...calls("X") })],
      { text: "Hi", calls: [x] },
    ],
    [
      "the same, without ids",
      [says("Hi"), ended({ content: "Hi", ...nameless("X", "Y") })],
      { text: "Hi", calls: [x, y] },
    ],
    [
      "repeats the calls as well",
      [says("Hi"), chunk(calls("X")), ended({ content: "Hi", ...calls("X") })],
      { text: "Hi", calls: [x] },
    ],
    ["repeats them without ids", [chunk(nameless("X", "Y")), ended(nameless("X", "Y"))], { calls: [x, y] }],
    ["adds one", [says("Hi"), chunk(calls("X")), ended({ content: "Hi", ...calls("X", "Y") })], { calls: [x, y] }],
    [
      "adds one after another",
      [says("Hi"), chunk(calls("X")), ended({ content: "Hi", ...calls("Y") })],
      { calls: [x, y] },
    ],
    [
      "repeats the reasoning",
      [chunk({ reasoning: "Hm" }), ended({ reasoning: "Hm", ...calls("X") })],
      { reasoning: "Hm", calls: [x] },
    ],
    ["has reasoning of its own", [ended({ reasoning: "Hm", ...calls("X") })], { reasoning: "Hm", calls: [x] }],
  ])("%s", (_, events, expected) => {
    expect(read(events)).toMatchObject({ ...expected, finish: "tool-calls" });
  });

  test("repeats a refusal", () => {
    expect(read([chunk({ refusal: "No." }), ended({ refusal: "No." }, "stop")])).toMatchObject({
      text: "No.",
      finish: "content-filter",
    });
  });
});

describe("a closing tag alone", () => {
  const pieces = ["Okay, they ", "said hello.\n</th", "ink>\n\nHel", "lo!"];

  test("ends the reasoning where the model writes tags", () => {
    const events = [...pieces.map((piece) => says(piece)), ends("stop")];
    const split = { reasoning: "Okay, they said hello.", text: "Hello!" };
    expect(read(events, source({ thinkTags: true }))).toMatchObject(split);
    const json = JSON.stringify({ choices: [{ message: { content: pieces.join("") }, finish_reason: "stop" }] });
    expect(fromResponse(json, source({ thinkTags: true }))).toMatchObject({
      text: "Hello!",
      reasoning: [{ text: "Okay, they said hello." }],
    });
  });

  test.each(["opened", "unsure"] as const)("is text where they show only when %s", (thinkTags) => {
    const events = [...pieces.map((piece) => says(piece)), ends("stop")];
    expect(read(events, source({ thinkTags })).text).toBe(pieces.join(""));
  });

  test("never came: all is text, and is shown before a tool call", () => {
    const of = source({ thinkTags: true });
    expect(read([says("no tag"), says(" at all", "stop")], of)).toMatchObject({ text: "no tag at all", reasoning: "" });
    const mapper = createEventMapper(of);
    const types = [says("I look."), chunk(call())].flatMap((event) =>
      mapper.map({ event: null, data: JSON.stringify(event) }).map(({ type }) => type),
    );
    expect(types).toEqual(["reasoning", "text", "tool-call"]);
  });

  test("while it is waited for, each piece is a sign of life", () => {
    const mapper = createEventMapper(source({ thinkTags: true }));
    expect(mapper.map({ event: null, data: JSON.stringify(says("Okay")) })).toEqual([{ type: "reasoning", text: "" }]);
  });
});

describe("a body is read by what it is", () => {
  const whole = JSON.stringify({ choices: [{ message: { content: "Hello" }, finish_reason: "stop" }] });
  const events = `data: ${JSON.stringify(says("Hel"))}\n\ndata: ${JSON.stringify(says("lo", "stop"))}\n\n`;

  test.each([
    ["JSON", whole],
    ["JSON with the end marker behind it", `${whole}\n\ndata: [DONE]\n\n`],
    ["JSON in lines", JSON.stringify(JSON.parse(whole), null, 2)],
    ["events", events],
    ["events behind a comment", `: hello\n\n${events}data: [DONE]\n\n`],
    ["events with their names", `event: message\n${events}`],
  ])("%s", (_, body) => {
    expect(fromResponse(body, source())).toMatchObject({ text: "Hello", finishReason: "stop" });
  });

  test.each([
    ["events that break off", `data: ${JSON.stringify(says("Hel"))}\n\n`, "truncated"],
    ["an error behind the JSON", `${whole}\ndata: {"error":{"code":503,"message":"x"}}\n\n`, "overloaded"],
    ["a flat error", '{"code":50508,"message":"System is too busy now"}', "overloaded"],
    ["a sentence", '{"message":"Rate limit reached"}', "rate_limit"],
    ["a list with an error", '[{"error":{"code":401,"message":"x"}}]', "auth"],
  ])("%s is %s", (_, body, code) => {
    expect(() => fromResponse(body, source())).toThrow(expect.objectContaining({ code }));
  });
});
