import type { AttemptContext, ModelRequest, StreamPart } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { createLazyCalls, type ProviderCalls } from "./lazy-calls.ts";

const REQUEST: ModelRequest = { model: "m", messages: [{ role: "user", content: "Hi" }] };
const FINISH: StreamPart = {
  type: "finish",
  finishReason: "stop",
  rawFinishReason: "stop",
  responseId: null,
  responseModel: null,
};

function contextOf(signal: AbortSignal = new AbortController().signal): AttemptContext {
  const clock = { now: () => 0, monotonic: () => 0, setTimeout, clearTimeout: () => {} };
  return { signal, env: {}, clock, callId: "c", credentials: null, limitMs: null, onResponse() {} };
}

/** Calls that record their arguments, and a `load` that the test resolves. */
function setUp(options: { readonly failures?: number } = {}) {
  const seen: string[] = [];
  let loads = 0;
  const gate = Promise.withResolvers<void>();
  const calls: ProviderCalls = {
    async generate() {
      seen.push("generate");
      return {
        text: "whole",
        reasoning: [],
        toolCalls: [],
        finishReason: "stop",
        rawFinishReason: "stop",
        usage: {
          inputTokens: 1,
          outputTokens: 1,
          cachedInputTokens: null,
          cacheWriteInputTokens: null,
          longCacheWriteInputTokens: null,
          reasoningTokens: null,
        },
        responseId: null,
        responseModel: null,
      };
    },
    async *stream() {
      seen.push("stream");
      try {
        yield { type: "text", text: "a" };
        yield FINISH;
      } finally {
        seen.push("left");
      }
    },
    async listModels() {
      seen.push("listModels");
      return [];
    },
  };
  const late = createLazyCalls(async () => {
    loads += 1;
    if (loads <= (options.failures ?? 0)) throw new Error("not there");
    await gate.promise;
    return calls;
  });
  return { late, seen, open: gate.resolve, loads: () => loads };
}

test("nothing is loaded before the first call, and one load serves all", async () => {
  const { late, loads, open, seen } = setUp();
  expect(loads()).toBe(0);
  const results = [
    late.generate(REQUEST, contextOf()),
    late.listModels(contextOf()),
    late.stream(REQUEST, contextOf())[Symbol.asyncIterator]().next(),
  ];
  open();
  await Promise.all(results);
  expect(await late.generate(REQUEST, contextOf())).toMatchObject({ text: "whole" });
  expect({ loads: loads(), seen }).toEqual({ loads: 1, seen: ["generate", "listModels", "stream", "generate"] });
});

test("the parts of a stream are passed on unchanged, before and after loading", async () => {
  const { late, open } = setUp();
  open();
  for (const _ of ["before", "after"]) {
    const parts: StreamPart[] = [];
    for await (const part of late.stream(REQUEST, contextOf())) parts.push(part);
    expect(parts).toEqual([{ type: "text", text: "a" }, FINISH]);
  }
});

test("a call that is aborted while it waits fails at once with the signal's reason, and nothing is sent", async () => {
  const { late, open, seen } = setUp();
  const controller = new AbortController();
  const waiting = late.generate(REQUEST, contextOf(controller.signal));
  const pulled = late.stream(REQUEST, contextOf(controller.signal))[Symbol.asyncIterator]().next();
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(pulled).rejects.toThrow("enough");
  open();
  await late.listModels(contextOf());
  expect(seen).toEqual(["listModels"]);
});

test("a stream that is closed during loading sends nothing; one that is closed later closes the inner stream", async () => {
  const { late, open, seen } = setUp();
  const left = late.stream(REQUEST, contextOf())[Symbol.asyncIterator]();
  const pulled = left.next();
  await left.return?.();
  open();
  expect(await pulled).toEqual({ done: true, value: undefined });
  expect(seen).toEqual([]);

  const second = setUp();
  const read = second.late.stream(REQUEST, contextOf())[Symbol.asyncIterator]();
  second.open();
  await read.next();
  await read.return?.();
  expect(second.seen).toEqual(["stream", "left"]);
});

test("the next call loads again after a failure", async () => {
  const { late, open, loads } = setUp({ failures: 1 });
  open();
  await expect(late.generate(REQUEST, contextOf())).rejects.toThrow("not there");
  expect(await late.generate(REQUEST, contextOf())).toMatchObject({ text: "whole" });
  expect(loads()).toBe(2);
});
