import type { StreamPart } from "@babylon/llm-core";
import { expectLinear } from "@babylon/llm-testing/vitest";
import { describe, expect, it, test } from "vitest";
import { PLAIN_TRAITS } from "./model-traits.ts";
import { createEventMapper } from "./reply/from-event.ts";
import { fromModelList } from "./reply/from-model-list.ts";
import { fromResponse } from "./reply/from-response.ts";
import { mapError } from "./reply/map-error.ts";
import type { ReplySource } from "./reply/reply-source.ts";
import { createThinkSplitter } from "./reply/split-think.ts";

const source: ReplySource = {
  response: { status: 200, headers: new Headers() },
  facts: { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: [] },
  wire: { ...PLAIN_TRAITS.wire, thinkTags: true },
  classify: mapError,
  nowMs: 0,
};
const limits = { timeout: 60_000 };
const event = (delta: unknown): string =>
  JSON.stringify({ id: "x", choices: [{ index: 0, delta, finish_reason: null }] });

/** The parts of a stream, counted. */
function map(events: readonly string[]): number {
  const mapper = createEventMapper(source);
  let parts = 0;
  for (const data of events) parts += mapper.map({ event: null, data }).length;
  return parts;
}

describe("a stream takes time linear in its length", limits, () => {
  const call = (at: number, id: string | null, index: number | null) => ({
    ...(index === null ? {} : { index }),
    ...(id === null ? {} : { id }),
    function: { name: "f", arguments: `{"n":${at}}` },
  });
  it.each<[string, (at: number) => unknown]>([
    ["texts", (at) => ({ content: `word ${at}` })],
    ["reasoning", (at) => ({ reasoning: `word ${at}` })],
    ["leading white space", () => ({ content: " " })],
    ["tool calls with an index", (at) => ({ tool_calls: [call(at, `c${at}`, at)] })],
    ["tool calls without an index", (at) => ({ tool_calls: [call(at, `c${at}`, null)] })],
    ["tool calls that all have index 0", (at) => ({ tool_calls: [call(at, `c${at}`, 0)] })],
    ["one tool call", (at) => ({ tool_calls: [call(at, null, 0)] })],
    ["tool calls in alternating chunks", (at) => ({ tool_calls: [call(at, `c${at % 100}`, 0)] })],
  ])("%s", async (_, deltaOf) => {
    await expectLinear((size) => {
      const events = Array.from({ length: size / 100 }, (_, at) => event(deltaOf(at)));
      return () => map(events);
    });
  });

  it("many tool calls in one event", async () => {
    await expectLinear((size) => {
      const calls = Array.from({ length: size / 60 }, (_, at) => call(at, `c${at}`, at));
      const data = event({ tool_calls: calls });
      return () => map([data]);
    });
  });
});

test("an event with 200,000 tool calls is read completely", limits, () => {
  const calls = Array.from({ length: 200_000 }, (_, index) => ({ index, function: { name: "f", arguments: "{}" } }));
  expect(map([event({ tool_calls: calls })])).toBe(200_000);
});

test("chunks of a call are matched by index and id, also among calls with the same index", () => {
  const mapper = createEventMapper(source);
  const indexOf = (call: { index?: number; id?: string }, name?: string): unknown =>
    mapper
      .map({ event: null, data: event({ tool_calls: [{ ...call, function: { name, arguments: '{"' } }] }) })
      .map((part: StreamPart) => "index" in part && part.index);
  expect(indexOf({ index: 0, id: "a" }, "f")).toEqual([0]);
  expect(indexOf({ index: 0, id: "b" }, "g")).toEqual([1]);
  expect(indexOf({ index: 0, id: "a" })).toEqual([0]);
  expect(indexOf({ index: 0 })).toEqual([1]);
  expect(indexOf({ id: "a" })).toEqual([0]);
  expect(indexOf({})).toEqual([1]);
  expect(indexOf({ index: 5 }, "h")).toEqual([2]);
  expect(indexOf({ index: 5, id: "late" })).toEqual([2]);
  expect(indexOf({ id: "c" }, "i")).toEqual([3]);
  expect(indexOf({ id: "c" })).toEqual([3]);
});

describe("separating reasoning from text takes time linear in both", limits, () => {
  it.each([
    ["text", "word ", ""],
    ["white space before", " ", ""],
    ["white space inside", " ", "<think>x"],
    ["white space at the start of reasoning", " ", "<think>"],
    ["white space after", " ", "<think>x</think>"],
    ["half tags", "</thin", "<think>"],
    ["brackets", "<", "<think>"],
  ])("%s, in chunks of three characters", async (_, unit, before) => {
    await expectLinear((size) => {
      const text = before + unit.repeat(size / unit.length);
      return () => {
        const splitter = createThinkSplitter();
        for (let at = 0; at < text.length; at += 3) splitter.push(text.slice(at, at + 3));
        return splitter.end();
      };
    });
  });
});

describe("JSON replies take time linear in their length", limits, () => {
  const reply = (message: unknown) => JSON.stringify({ id: "x", choices: [{ message, finish_reason: "stop" }] });
  it.each<[string, (size: number) => string]>([
    ["text", (size) => reply({ content: "word ".repeat(size / 5) })],
    ["reasoning", (size) => reply({ content: `<think>${" ".repeat(size)}` })],
    ["parts", (size) => reply({ content: Array.from({ length: size / 30 }, () => ({ type: "text", text: "x" })) })],
    [
      "tool calls",
      (size) => reply({ tool_calls: Array.from({ length: size / 40 }, () => ({ function: { name: "f" } })) }),
    ],
  ])("%s", async (_, make) => {
    await expectLinear((size) => {
      const text = make(size);
      return () => fromResponse(text, source);
    });
  });

  it("a list of models", async () => {
    await expectLinear((size) => {
      const text = JSON.stringify({ data: Array.from({ length: size / 20 }, (_, at) => ({ id: `m${at}` })) });
      return () => fromModelList(text, source, []);
    });
  });

  it.each(["model ", "model does not ", "specified a ", "is not ", "exceeded your ", "\n"])(
    "an error of %j",
    async (unit) => {
      await expectLinear((size) => {
        const text = unit.repeat(size / unit.length);
        return () => mapError({ status: 400, headers: new Headers(), body: { error: { message: text } }, text });
      });
    },
  );
});
