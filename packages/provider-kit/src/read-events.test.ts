import { expect, test } from "vitest";
import { readEvents, type ServerSentEvent } from "./read-events.ts";

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

test("is the same under every cut into two", async () => {
  const bytes = new TextEncoder().encode(STREAM);
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(await readAll(pieces(bytes.slice(0, cut), bytes.slice(cut))), `cut at ${cut}`).toEqual(EVENTS);
  }
});

test("is the same byte by byte", async () => {
  const bytes = new TextEncoder().encode(STREAM);
  expect(await readAll(pieces(...Array.from(bytes, (byte) => Uint8Array.of(byte))))).toEqual(EVENTS);
});

test("drops an event that the end cuts off, and takes a byte-order mark", async () => {
  const bytes = new TextEncoder().encode("\uFEFFdata: whole\n\ndata: half");
  expect(await readAll(pieces(bytes))).toEqual([{ event: null, data: "whole" }]);
});

test("gives the events of one piece in one batch", async () => {
  const batches: number[] = [];
  for await (const batch of readEvents(pieces(new TextEncoder().encode(STREAM)))) batches.push(batch.length);
  expect(batches).toEqual([EVENTS.length]);
});

test("closes the body when its reader leaves", async () => {
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
