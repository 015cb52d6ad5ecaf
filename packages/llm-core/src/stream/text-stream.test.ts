import { ReadableStream } from "node:stream/web";
import { type MockStep, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { LLMError } from "../errors/llm-error.ts";
import { collect, failure, type TestBed, testBed } from "../test-support/test-bed.ts";
import type { StreamEvent } from "./stream-event.ts";
import type { TextStream } from "./text-stream.ts";

const ask = { prompt: "hello" };
const types = (events: readonly StreamEvent[]) => events.map(({ type }) => type);
const usage = {
  inputTokens: 10,
  outputTokens: null,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
  longCacheWriteInputTokens: null,
  reasoningTokens: null,
};

/** Emits text and the usage so far, and then stalls. */
const talkThenHang: MockStep = {
  parts: [
    { type: "text", text: "one " },
    { type: "usage", usage },
    { type: "text", text: "two " },
    { type: "text", text: "three" },
  ],
  stallAfter: 3,
};

/** Reads while the clock advances. */
const read = <T>(bed: TestBed, stream: AsyncIterable<T>) => bed.value(collect(stream));

describe("a stream is lazy", () => {
  it("makes no request before the first read", async () => {
    const bed = testBed({ a: {} });
    const stream = bed.llm.streamText({ ...ask, abortSignal: bed.controller.signal });
    const iterator = stream[Symbol.asyncIterator]();
    await bed.clock.advance(1_000);
    expect(bed.called).toEqual([]);
    const first = await bed.value(iterator.next());
    expect(first.value).toEqual({ type: "text", text: "answer 1 of a" });
    expect(bed.called).toEqual(["a"]);
    await iterator.return?.();
  });

  it("requests no more parts than its reader reads", async () => {
    const bed = testBed({ a: [{ text: "half ", error: failure("network"), failAfter: 1 }], b: {} });
    const iterator = bed.llm.streamText({ ...ask, onInterrupted: "restart" })[Symbol.asyncIterator]();
    await bed.value(iterator.next());
    await bed.clock.advance(5_000);
    expect(bed.called).toEqual(["a"]);
    await iterator.return?.();
  });

  it("starts when result is accessed, and never without access", async () => {
    const bed = testBed({ a: {} });
    bed.llm.streamText(ask);
    const { result } = bed.llm.streamText(ask);
    expect((await bed.value(result)).text).toBe("answer 1 of a");
    expect(bed.records).toHaveLength(1);
  });
});

it("yields what arrives, each attempt when it ends, and the result", async () => {
  const bed = testBed({
    a: { error: failure("auth") },
    b: { reasoning: ["hm ", "hm"], text: ["one ", "two"], toolCalls: [{ id: "t", name: "look", input: { at: 1 } }] },
  });
  const tools = { look: { inputSchema: { type: "object" } } };
  const stream = bed.llm.streamText({ ...ask, tools });
  const { events } = await read(bed, stream);
  expect(events).toMatchObject([
    { type: "attempt", attempt: { number: 1, provider: "a", outcome: "failed", error: { code: "auth" } } },
    { type: "reasoning", text: "hm " },
    { type: "reasoning", text: "hm" },
    { type: "text", text: "one " },
    { type: "text", text: "two" },
    { type: "tool-call", toolCall: { id: "t", name: "look", input: { at: 1 }, rawInput: '{"at":1}', invalid: null } },
    { type: "attempt", attempt: { number: 2, provider: "b", outcome: "success" } },
    { type: "finish", result: { text: "one two", reasoning: "hm hm", provider: "b", finishReason: "tool-calls" } },
  ]);
  const last = events.at(-1);
  expect(last?.type === "finish" && last.result).toBe(await stream.result);
  expect(bed.records).toHaveLength(1);
});

it("shows reasoning as soon as it arrives", async () => {
  const bed = testBed({ a: { reasoning: ["hm ", "hm"], text: "so", delayMs: 100, gapMs: 50 } });
  const seen: [number, string][] = [];
  const reading = (async () => {
    for await (const { type } of bed.llm.streamText(ask)) seen.push([bed.clock.monotonic(), type]);
  })();
  await bed.value(reading);
  expect(seen).toEqual([
    [100, "reasoning"],
    [150, "reasoning"],
    [200, "text"],
    [200, "attempt"],
    [200, "finish"],
  ]);
});

describe("a failure before the first text falls back without an event for the reader", () => {
  it.each<[string, MockStep]>([
    ["an error at once", { error: failure("auth") }],
    ["an error after reasoning", { reasoning: "hm", error: failure("auth"), failAfter: 1 }],
    ["silence", { hang: true }],
    ["silence after reasoning", { reasoning: "hm", stallAfter: 1 }],
    ["an early end", { parts: [], truncate: true }],
    ["an early end after reasoning", { reasoning: "hm", parts: [{ type: "reasoning", text: "hm" }], truncate: true }],
    ["an empty answer", { text: "" }],
    [
      "an error within a tool call",
      {
        parts: [{ type: "tool-call", index: 0, id: "t", name: "x", inputText: '{"a' }],
        error: failure("auth"),
        failAfter: 1,
      },
    ],
    [
      "an incomplete tool call",
      { parts: [{ type: "tool-call", index: 0, id: "t", name: "x", inputText: "" }], truncate: true },
    ],
  ])("%s", async (_, step) => {
    const bed = testBed({ a: step, b: { text: "from b" } });
    const { events, error } = await read(bed, bed.llm.streamText(ask));
    expect(error).toBeNull();
    expect(new Set(types(events))).not.toContain("restart");
    expect(events.filter(({ type }) => type === "text")).toEqual([{ type: "text", text: "from b" }]);
    expect(events.filter(({ type }) => type === "tool-call")).toEqual([]);
  });
});

describe("textStream", () => {
  it("yields only text", async () => {
    const bed = testBed({ a: { error: failure("auth") }, b: { reasoning: "hm", text: ["one ", "two"] } });
    const stream = bed.llm.streamText(ask);
    expect(await read(bed, stream.textStream)).toEqual({ events: ["one ", "two"], error: null });
    expect((await stream.result).text).toBe("one two");
  });

  it('is refused with onInterrupted "restart"', async () => {
    const bed = testBed({ a: {} });
    const stream = bed.llm.streamText({ ...ask, onInterrupted: "restart" });
    expect(() => stream.textStream).toThrow(expect.objectContaining({ code: "invalid_input", path: "onInterrupted" }));
    expect(bed.called).toEqual([]);
  });

  it("rejects with the error of the call", async () => {
    const bed = testBed({ a: { text: ["one ", "two"], error: failure("auth"), failAfter: 1 } });
    const { events, error } = await read(bed, bed.llm.streamText(ask).textStream);
    expect(events).toEqual(["one "]);
    expect(error?.code).toBe("interrupted");
  });
});

it("snapshots have the complete text so far, and shrink on a restart", async () => {
  const bed = testBed({
    a: { text: ["one ", "two ", "x"], error: failure("auth"), failAfter: 2 },
    b: { text: ["eins ", "zwei"] },
  });
  const stream = bed.llm.streamText({ ...ask, onInterrupted: "restart" });
  expect((await read(bed, stream.snapshots)).events).toEqual(["one ", "one two ", "", "eins ", "eins zwei"]);
});

describe("a stream has one consumer", () => {
  const ways: readonly [string, (stream: TextStream) => AsyncIterable<unknown>][] = [
    ["events", (stream) => stream],
    ["textStream", (stream) => stream.textStream],
    ["snapshots", (stream) => stream.snapshots],
  ];
  it.each(ways.flatMap(([first, a]) => ways.map(([second, b]) => [first, second, a, b] as const)))(
    "%s, then %s",
    async (_, __, first, second) => {
      const bed = testBed({ a: {} });
      const stream = bed.llm.streamText(ask);
      const iterator = first(stream)[Symbol.asyncIterator]();
      await bed.value(iterator.next());
      expect(await collect(second(stream))).toMatchObject({ events: [], error: { code: "invalid_input" } });
      await iterator.return?.();
    },
  );

  it("rejects a reader while it is drained for its result", async () => {
    const bed = testBed({ a: { delayMs: 10 } });
    const stream = bed.llm.streamText(ask);
    const result = stream.result;
    await bed.clock.advance(1);
    expect(await collect(stream)).toMatchObject({ events: [], error: { code: "invalid_input" } });
    await bed.value(result);
  });
});

describe("result", () => {
  it("may be accessed before reading, in the same turn", async () => {
    const bed = testBed({ a: { text: ["one ", "two"] } });
    const stream = bed.llm.streamText(ask);
    const { result } = stream;
    expect((await read(bed, stream.textStream)).events).toEqual(["one ", "two"]);
    expect((await result).text).toBe("one two");
  });

  it("may be accessed after an iterator was created: no event is lost", async () => {
    const bed = testBed({ a: { text: ["one ", "two"] } });
    const stream = bed.llm.streamText(ask);
    const iterator = stream[Symbol.asyncIterator]();
    const { result } = stream;
    await bed.clock.advance(100);
    expect((await iterator.next()).value).toEqual({ type: "text", text: "one " });
    expect((await iterator.next()).value).toEqual({ type: "text", text: "two" });
    await iterator.next();
    await iterator.next();
    expect((await bed.value(result)).text).toBe("one two");
  });

  it("may be accessed after reading", async () => {
    const bed = testBed({ a: {} });
    const stream = bed.llm.streamText(ask);
    await read(bed, stream);
    expect((await stream.result).text).toBe("answer 1 of a");
    expect(stream.result).toBe(stream.result);
  });

  it("drains the stream without a reader, and restarts a broken answer", async () => {
    const bed = testBed({ a: { text: "half ", error: failure("auth"), failAfter: 1 }, b: { text: "whole" } });
    const { result } = bed.llm.streamText({ ...ask, onInterrupted: "throw" });
    expect(await bed.value(result)).toMatchObject({ text: "whole", seams: [] });
  });

  it("rejects when reading fails, without an unhandled rejection", async () => {
    const bed = testBed({ a: { error: failure("auth") } });
    const stream = bed.llm.streamText(ask);
    const { result } = stream;
    const { error } = await read(bed, stream);
    expect(error?.code).toBe("auth");
    await bed.clock.advance(1);
    await expect(result).rejects.toBe(error);
  });

  it("rejects without an unhandled rejection if it is never accessed", async () => {
    const bed = testBed({ a: { error: failure("auth") } });
    void bed.llm.streamText(ask).result;
    await bed.clock.advance(100);
    expect(bed.records).toMatchObject([{ error: { code: "auth" } }]);
  });
});

it("an error rejects one read, then the stream has ended", async () => {
  const bed = testBed({ a: { error: failure("auth") } });
  const iterator = bed.llm.streamText(ask)[Symbol.asyncIterator]();
  expect(await bed.value(iterator.next())).toMatchObject({ value: { type: "attempt" } });
  expect((await bed.error(iterator.next())).code).toBe("auth");
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

it("every read after the end is done", async () => {
  const bed = testBed({ a: {} });
  const iterator = bed.llm.streamText(ask)[Symbol.asyncIterator]();
  for (const type of ["text", "attempt", "finish"]) expect((await iterator.next()).value).toMatchObject({ type });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

it.each(["events", "textStream"] as const)("several pending reads resolve in order (%s)", async (way) => {
  const bed = testBed({ a: { text: ["one", "two", "three"], gapMs: 10 } });
  const stream = bed.llm.streamText(ask);
  const iterator = (way === "events" ? stream : stream.textStream)[Symbol.asyncIterator]();
  const reads = [iterator.next(), iterator.next(), iterator.next(), iterator.next(), iterator.next(), iterator.next()];
  const answers = await bed.value(Promise.all(reads));
  const texts = answers.flatMap(({ value }) =>
    typeof value === "string" ? value : value?.type === "text" ? value.text : [],
  );
  expect(texts).toEqual(["one", "two", "three"]);
  expect(answers.at(-1)?.done).toBe(true);
});

describe("closing the stream closes the socket immediately", () => {
  const ways: readonly [string, (stream: TextStream) => Promise<unknown>][] = [
    [
      "break",
      async (stream) => {
        for await (const _ of stream) break;
      },
    ],
    [
      "break out of textStream",
      async (stream) => {
        for await (const _ of stream.textStream) break;
      },
    ],
    [
      "break out of snapshots",
      async (stream) => {
        for await (const _ of stream.snapshots) break;
      },
    ],
    [
      "an error in the loop",
      async (stream) => {
        try {
          for await (const _ of stream) throw new Error("mine");
        } catch {
          // The reader's own.
        }
      },
    ],
    [
      "return()",
      async (stream) => {
        const iterator = stream[Symbol.asyncIterator]();
        await iterator.next();
        expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
        expect(await iterator.next()).toEqual({ done: true, value: undefined });
      },
    ],
    [
      "cancel()",
      async (stream) => {
        await stream[Symbol.asyncIterator]().next();
        await stream.cancel();
      },
    ],
    [
      "await using",
      async (stream) => {
        await using held = stream;
        await held[Symbol.asyncIterator]().next();
      },
    ],
    [
      "a web stream that is canceled",
      async (stream) => {
        const reader = ReadableStream.from(stream.textStream).getReader();
        await reader.read();
        await reader.cancel();
      },
    ],
  ];
  it.each(ways)("by %s", async (_, leave) => {
    const bed = testBed({ a: { text: ["one", "two"], gapMs: 1_000 }, b: {} });
    const stream = bed.llm.streamText({ ...ask, abortSignal: bed.controller.signal });
    const { result } = stream;
    await bed.value(leave(stream));
    await bed.clock.advance(0);
    expect(bed.provider("a").active).toBe(0);
    expect(bed.clock.pendingTimers()).toBe(0);
    expect(await bed.error(result)).toMatchObject({ code: "aborted", name: "AbortError" });
    expect(bed.records).toMatchObject([{ outcome: "aborted", attempts: [{ outcome: "aborted" }] }]);
    expect(bed.called).toEqual(["a"]);
  });

  it.each<[string, (stream: TextStream) => AsyncIterator<unknown>]>([
    ["events", (stream) => stream[Symbol.asyncIterator]()],
    ["textStream", (stream) => stream.textStream[Symbol.asyncIterator]()],
    ["snapshots", (stream) => stream.snapshots[Symbol.asyncIterator]()],
  ])("by return() during a pending read (%s), and the usage so far is kept", async (_, iterate) => {
    const bed = testBed({ a: talkThenHang });
    const stream = bed.llm.streamText(ask);
    const iterator = iterate(stream);
    await bed.value(iterator.next());
    await bed.value(iterator.next());
    const waiting = iterator.next();
    await bed.clock.advance(10);
    expect(bed.provider("a").active).toBe(1);
    await iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await bed.clock.advance(0);
    expect(bed.provider("a").active).toBe(0);
    expect(bed.clock.monotonic()).toBe(10);
    expect(bed.records).toMatchObject([{ outcome: "aborted", totalUsage: usage, attempts: [{ usage }] }]);
    expect(await bed.error(stream.result)).toMatchObject({ code: "aborted" });
  });

  it("before it began causes no call and no record", async () => {
    const bed = testBed({ a: {} });
    const stream = bed.llm.streamText(ask);
    await stream.cancel();
    expect(await collect(stream)).toEqual({ events: [], error: null });
    expect(await bed.error(stream.result)).toMatchObject({ code: "aborted" });
    expect(bed.called).toEqual([]);
    expect(bed.records).toEqual([]);
  });

  it("after the end has no effect", async () => {
    const bed = testBed({ a: {} });
    const stream = bed.llm.streamText(ask);
    await read(bed, stream);
    await stream.cancel();
    expect((await stream.result).text).toBe("answer 1 of a");
    expect(bed.records).toMatchObject([{ outcome: "success" }]);
  });
});

describe("while the reader is idle", () => {
  const answer: MockStep = {
    reasoning: "hm",
    text: "one",
    toolCalls: [
      { id: "t1", name: "look", input: {} },
      { id: "t2", name: "look", input: {} },
    ],
  };
  const stations = ["attempt", "reasoning", "text", "tool-call", "tool-call", "attempt"];
  /** The second tool call is known to be complete when the answer is. */
  const WHOLE = 5;
  const cases = stations.map((type, index) => [index + 1, type] as const);
  const early = cases.filter(([events]) => events < WHOLE);
  const late = cases.filter(([events]) => events >= WHOLE);

  async function idleAt(events: number, timeouts: { totalMs?: number }) {
    const bed = testBed({ a: { error: failure("auth") }, b: answer });
    const stream = bed.llm.streamText({ ...ask, timeouts, abortSignal: bed.controller.signal });
    const { result } = stream;
    const iterator = stream[Symbol.asyncIterator]();
    const seen: string[] = [];
    for (let event = 0; event < events; event += 1) seen.push((await bed.value(iterator.next())).value?.type ?? "end");
    expect(seen).toEqual(stations.slice(0, events));
    return { bed, iterator, result: bed.watch(result) };
  }

  it.each(early)("after event %i (%s), the deadline rejects the result at once", async (events) => {
    const { bed, iterator, result } = await idleAt(events, { totalMs: 500 });
    const { error, atMs } = await bed.ending(result, 1_000);
    expect(error?.code).toBe("deadline");
    expect(atMs).toBe(500);
    expect(await bed.error(iterator.next())).toBe(error);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it.each(early)("after event %i (%s), an abort rejects the result at once", async (events) => {
    const { bed, iterator, result } = await idleAt(events, {});
    const from = bed.clock.monotonic();
    bed.controller.abort("enough");
    const { error, atMs } = await bed.ending(result, 1_000);
    expect(error).toMatchObject({ code: "aborted", cause: "enough" });
    expect(atMs).toBe(from);
    expect((await bed.error(iterator.next())).code).toBe("aborted");
    expect(bed.records).toMatchObject([{ outcome: "aborted" }]);
  });

  it.each(early)("after event %i (%s), closing the stream rejects the result with aborted", async (events) => {
    const { bed, iterator, result } = await idleAt(events, {});
    await iterator.return?.();
    expect((await bed.ending(result, 1_000)).error?.code).toBe("aborted");
    expect(bed.records).toMatchObject([{ outcome: "aborted" }]);
  });

  describe("and the complete answer has arrived, the call succeeds", () => {
    const succeeded = [{ outcome: "success", attempts: [{ outcome: "failed" }, { outcome: "success" }] }];

    it.each(late)("after event %i (%s), whatever the deadline, and the buffered rest can be read", async (events) => {
      const { bed, iterator, result } = await idleAt(events, { totalMs: 500 });
      expect(await bed.ending(result)).toMatchObject({ value: { text: "one", provider: "b" }, atMs: 0, timersLeft: 0 });
      await bed.clock.advance(1_000);
      const rest: unknown[] = [];
      for (let step = await iterator.next(); step.done !== true; step = await iterator.next())
        rest.push(step.value.type);
      expect(rest).toEqual([...stations.slice(events), "finish"]);
      expect(bed.records).toMatchObject(succeeded);
    });

    it.each(late)("after event %i (%s), when its signal aborts", async (events) => {
      const { bed, result } = await idleAt(events, {});
      await bed.clock.advance(0);
      bed.controller.abort("enough");
      expect((await bed.value(result)).text).toBe("one");
      expect(bed.records).toMatchObject(succeeded);
    });

    it.each(late)("after event %i (%s), when its reader closes it", async (events) => {
      const { bed, iterator, result } = await idleAt(events, {});
      await iterator.return?.();
      expect((await bed.value(result)).text).toBe("one");
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
      expect(bed.records).toMatchObject(succeeded);
    });
  });
});

describe("the error of an interrupted stream contains the partial text", () => {
  const deadline = { timeouts: { totalMs: 100, idleMs: null } };
  const ways: readonly [string, (stream: TextStream) => AsyncIterable<unknown>][] = [
    ["events", (stream) => stream],
    ["textStream", (stream) => stream.textStream],
    ["snapshots", (stream) => stream.snapshots],
  ];

  it.each(ways)("the deadline, reading %s", async (_, way) => {
    const bed = testBed({ a: talkThenHang });
    const stream = bed.llm.streamText({ ...ask, ...deadline });
    const { error } = await bed.value(collect(way(stream)));
    expect(error).toMatchObject({ code: "deadline", partialText: "one two ", usage, attempts: [{ usage }] });
    expect(await bed.error(stream.result)).toBe(error);
    expect(LLMError.fromJSON(JSON.parse(JSON.stringify(error)))).toMatchObject({ partialText: "one two ", usage });
    expect(bed.records).toMatchObject([{ outcome: "failed", error: { code: "deadline" } }]);
    expect(JSON.stringify(bed.records)).not.toContain("one two");
  });

  it("the deadline, while the reader is idle: including the buffered text", async () => {
    const bed = testBed({ a: talkThenHang });
    const stream = bed.llm.streamText({ ...ask, ...deadline });
    const iterator = stream[Symbol.asyncIterator]();
    await bed.value(iterator.next());
    expect(await bed.error(stream.result)).toMatchObject({ code: "deadline", partialText: "one " });
    await iterator.return?.();
  });

  it("the deadline, after a seam", async () => {
    const bed = testBed({ a: { text: ["one ", "x"], error: failure("auth"), failAfter: 1 }, b: talkThenHang });
    const stream = bed.llm.streamText({ ...ask, ...deadline, onInterrupted: "continue" });
    expect((await bed.value(collect(stream))).error).toMatchObject({ code: "deadline", partialText: "one one two " });
  });

  it("an abort", async () => {
    const bed = testBed({ a: talkThenHang });
    const stream = bed.llm.streamText({ ...ask, abortSignal: bed.controller.signal });
    const reading = collect(stream);
    await bed.clock.advance(10);
    bed.controller.abort("enough");
    expect((await reading).error).toMatchObject({ code: "aborted", cause: "enough", partialText: "one two ", usage });
  });

  it.each<[string, MockStep, MockStep]>([
    ["nothing was emitted", { hang: true }, { hang: true }],
    ["only reasoning was emitted", { reasoning: ["hm", "hm"], stallAfter: 1 }, {}],
    ["a restart withdrew it", { text: ["one ", "x"], error: failure("auth"), failAfter: 1 }, { hang: true }],
  ])("there is none if %s", async (_, a, b) => {
    const bed = testBed({ a, b }, { timeouts: { firstTokenMs: null } });
    const stream = bed.llm.streamText({ ...ask, ...deadline, onInterrupted: "restart" });
    const { error } = await bed.value(collect(stream));
    expect(error?.code).toBe("deadline");
    expect(error).not.toHaveProperty("partialText");
  });

  it("there is none without a reader", async () => {
    const bed = testBed({ a: talkThenHang });
    expect(await bed.error(bed.llm.streamText({ ...ask, ...deadline }).result)).not.toHaveProperty("partialText");
  });
});

it("an abort between two parts ends reading immediately", async () => {
  const bed = testBed({ a: talkThenHang });
  const stream = bed.llm.streamText({ ...ask, abortSignal: bed.controller.signal });
  const reading = collect(stream);
  await bed.clock.advance(10);
  bed.controller.abort("enough");
  const { events, error } = await bed.value(reading);
  expect(types(events)).toEqual(["text", "text"]);
  expect(error).toMatchObject({ code: "aborted", cause: "enough" });
  expect(bed.records).toMatchObject([{ outcome: "aborted", totalUsage: usage }]);
});

it("JSON transport gives the same events at once", async () => {
  const bed = testBed({ a: { reasoning: "hm", text: ["one ", "two"] } });
  const { events } = await read(bed, bed.llm.streamText({ ...ask, transport: "json" }));
  expect(events.slice(0, 2)).toEqual([
    { type: "reasoning", text: "hm" },
    { type: "text", text: "one two" },
  ]);
  expect(bed.provider("a").calls.map(({ transport }) => transport)).toEqual(["json"]);
});

it("a configuration error and a missing provider reject the first read", async () => {
  const bed = testBed({ a: mockProvider({ id: "a", configured: false }) });
  const stream = bed.llm.streamText(ask);
  expect((await read(bed, stream)).error?.code).toBe("no_provider");
  expect(bed.records).toMatchObject([{ outcome: "failed" }]);
});
