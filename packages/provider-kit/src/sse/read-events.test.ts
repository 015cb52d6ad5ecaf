import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import type { ServerSentEvent } from "./event-parser.ts";
import { readEvents } from "./read-events.ts";

const STREAM = [
  ": a comment, as keep-alive\n\n",
  'data: {"text":"Grüße 🎲"}\r\n\r\n',
  "event: ping\ndata: {}\n\n",
  "retry: 3000\nid: 7\n\n",
  "data: one\ndata: two\n\n",
  "data: [DONE]\n\n",
].join("");

const EVENTS: readonly ServerSentEvent[] = [
  { event: null, data: '{"text":"Grüße 🎲"}' },
  { event: "ping", data: "{}" },
  { event: null, data: "one\ntwo" },
  { event: null, data: "[DONE]" },
];

async function* pieces(...bytes: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* bytes;
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<ServerSentEvent[]> {
  const all: ServerSentEvent[] = [];
  for await (const batch of readEvents(body)) all.push(...batch);
  return all;
}

test("is the same for every split into two chunks", async () => {
  const bytes = new TextEncoder().encode(STREAM);
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(await readAll(pieces(bytes.slice(0, cut), bytes.slice(cut))), `cut at ${cut}`).toEqual(EVENTS);
  }
});

test("is the same byte by byte", async () => {
  const bytes = new TextEncoder().encode(STREAM);
  expect(await readAll(pieces(...Array.from(bytes, (byte) => Uint8Array.of(byte))))).toEqual(EVENTS);
});

test("is the same for any split", async () => {
  const bytes = new TextEncoder().encode(STREAM);
  const cuts = fc.uniqueArray(fc.integer({ min: 0, max: bytes.length })).map((at) => at.toSorted((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(cuts, async (at) => {
      const edges = [0, ...at, bytes.length];
      const cut = edges.slice(1).map((edge, index) => bytes.slice(edges[index], edge));
      expect(await readAll(pieces(...cut))).toEqual(EVENTS);
    }),
  );
});

test("drops an incomplete event at the end, and accepts a byte-order mark", async () => {
  const bytes = new TextEncoder().encode("\uFEFFdata: whole\n\ndata: half");
  expect(await readAll(pieces(bytes))).toEqual([{ event: null, data: "whole" }]);
});

test("returns the events of one chunk in one batch", async () => {
  const batches: number[] = [];
  for await (const batch of readEvents(pieces(new TextEncoder().encode(STREAM)))) batches.push(batch.length);
  expect(batches).toEqual([EVENTS.length]);
});

test("closes the body when the iteration ends early", async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new TextEncoder().encode("data: x\n\n");
    } finally {
      closed = true;
    }
  }
  for await (const _ of readEvents(endless())) break;
  expect(closed).toBe(true);
});

/** A body whose chunks and end the test controls; `closed` when its reader has canceled it. */
function controlledBody(): {
  body: AsyncIterable<Uint8Array>;
  push(text: string): void;
  end(): void;
  state: { closed: boolean };
} {
  const state = { closed: false };
  const waiting: ((result: IteratorResult<Uint8Array>) => void)[] = [];
  const ready: IteratorResult<Uint8Array>[] = [];
  const give = (result: IteratorResult<Uint8Array>): void => {
    const taker = waiting.shift();
    if (taker === undefined) ready.push(result);
    else taker(result);
  };
  return {
    state,
    push: (text) => give({ done: false, value: new TextEncoder().encode(text) }),
    end: () => give({ done: true, value: undefined }),
    body: {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          const result = ready.shift();
          return result === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(result);
        },
        return: async () => {
          state.closed = true;
          return { done: true, value: undefined };
        },
      }),
    },
  };
}

afterEach(() => {
  vi.useRealTimers();
});

const isDone = ({ data }: ServerSentEvent): boolean => data === "[DONE]";

test("ending the iteration after the last event lets the body end", async () => {
  vi.useFakeTimers();
  const { body, push, end, state } = controlledBody();
  push("data: [DONE]\n\n");
  for await (const _ of readEvents(body, isDone)) break;
  end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.closed).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test("a body that does not end after its last event is closed", async () => {
  vi.useFakeTimers();
  const { body, push, state } = controlledBody();
  push("data: [DONE]\n\n");
  for await (const _ of readEvents(body, isDone)) break;
  expect(state.closed).toBe(false);
  await vi.advanceTimersByTimeAsync(25);
  expect(state.closed).toBe(true);
});

test("a body that continues after its last event is closed when its reader has returned", async () => {
  vi.useFakeTimers();
  const { body, push, state } = controlledBody();
  push("data: [DONE]\n\n");
  for await (const _ of readEvents(body, isDone)) break;
  push("data: more\n\n");
  await vi.advanceTimersByTimeAsync(0);
  expect(state.closed).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test.each<[string, readonly string[]]>([
  ["data: [DONE]", ["[DONE]"]],
  ["data: [DONE]\n", ["[DONE]"]],
  ["data: [DONE]\r\n", ["[DONE]"]],
  ["data: [DON", []],
  ["event: done\ndata: end", ["end"]],
  ['event: done\ndata: {"a":1}', ['{"a":1}']],
  ['event: done\ndata: {"a":', []],
  ["event: done\n", []],
  ["data: [DONE]\n\ndata: half", ["[DONE]"]],
])("a body may end with %j, without a blank line", async (end, expected) => {
  const isLast = (event: ServerSentEvent): boolean => event.event === "done" || isDone(event);
  const all: string[] = [];
  const body = pieces(new TextEncoder().encode(`data: 1\n\n${end}`));
  for await (const batch of readEvents(body, isLast)) all.push(...batch.map(({ data }) => data));
  expect(all).toEqual(["1", ...expected]);
});

test("continues after the last event if its reader does", async () => {
  const { body, push, end } = controlledBody();
  push("data: [DONE]\n\n");
  push("data: more\n\n");
  end();
  const all: string[] = [];
  for await (const batch of readEvents(body, isDone)) all.push(...batch.map(({ data }) => data));
  expect(all).toEqual(["[DONE]", "more"]);
});

test("a failure without a pending read is not an unhandled rejection", async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode("data: [DONE]\n\n");
    throw new Error("reset");
  }
  for await (const _ of readEvents(failing(), isDone)) break;
  await new Promise((resolve) => setTimeout(resolve, 0));
});
