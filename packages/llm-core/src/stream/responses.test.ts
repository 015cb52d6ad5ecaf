import { type MockStep, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it, vi } from "vitest";
import { failure, type TestBed, testBed } from "../test-support/test-bed.ts";
import type { TextStream } from "./text-stream.ts";
import { toEventStreamResponse } from "./to-event-stream-response.ts";
import type { WireStreamEvent } from "./wire-stream-event.ts";

const ask = { prompt: "hello" };
const SECRET = "words of the vendor";

const breaksOff: MockStep = { text: ["one ", "two "], error: failure("network", { message: SECRET }), failAfter: 2 };

/** The events of a body with their names and data. */
function parse(body: string): { name: string; data: WireStreamEvent }[] {
  expect(body.endsWith("\n\n")).toBe(true);
  return body
    .slice(0, -2)
    .split("\n\n")
    .map((block) => {
      const [, name = "", data = ""] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      return { name, data: JSON.parse(data) };
    });
}

const eventsOf = async (bed: TestBed, stream: TextStream) =>
  parse(await bed.value(stream.toEventStreamResponse().text()));

const RESPONSES = [
  {
    name: "toTextResponse",
    type: "text/plain; charset=utf-8",
    respond: (stream: TextStream, init?: ResponseInit) => stream.toTextResponse(init),
  },
  {
    name: "toEventStreamResponse",
    type: "text/event-stream; charset=utf-8",
    respond: (stream: TextStream, init?: ResponseInit) => stream.toEventStreamResponse(init),
  },
] as const;

describe.each(RESPONSES)("$name", ({ type, respond }) => {
  it("has headers for its type, against caching and against proxy buffering", () => {
    const { status, headers } = respond(testBed({ a: {} }).llm.streamText(ask));
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toEqual({
      "content-type": type,
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    });
  });

  it("accepts a status and headers of the caller", () => {
    const init = {
      status: 201,
      headers: [
        ["Cache-Control", "private"],
        ["x-own", "1"],
      ] satisfies [string, string][],
    };
    const { status, headers } = respond(testBed({ a: {} }).llm.streamText(ask), init);
    expect([status, headers.get("cache-control"), headers.get("x-own"), headers.get("content-type")]).toEqual([
      201,
      "private",
      "1",
      type,
    ]);
  });

  it("is lazy: makes no request before the first read, and reads no further than its reader", async () => {
    const bed = testBed({ a: [{ text: "half ", error: failure("network"), failAfter: 1 }], b: {} });
    const response = respond(bed.llm.streamText(ask));
    await bed.clock.advance(1_000);
    expect(bed.called).toEqual([]);
    const reader = response.body?.getReader();
    await bed.value(reader?.read() ?? Promise.reject(new Error("no body")));
    await bed.clock.advance(5_000);
    expect(bed.called).toEqual(["a"]);
    await reader?.cancel();
  });

  it("cancels the call when it is canceled", async () => {
    const bed = testBed({ a: { parts: [{ type: "text", text: "one " }], stallAfter: 1 } });
    const stream = bed.llm.streamText(ask);
    const reader = respond(stream).body?.getReader();
    await bed.value(reader?.read() ?? Promise.reject(new Error("no body")));
    expect(bed.provider("a").active).toBe(1);
    await bed.value(reader?.cancel() ?? Promise.reject(new Error("no body")));
    expect(bed.provider("a").active).toBe(0);
    expect(bed.records).toMatchObject([{ outcome: "aborted" }]);
    expect((await bed.error(stream.result)).code).toBe("aborted");
  });

  it("starts no call if it is canceled before a read", async () => {
    const bed = testBed({ a: {} });
    await respond(bed.llm.streamText(ask)).body?.cancel();
    expect(bed.called).toEqual([]);
  });

  it("is the only consumer of its stream", () => {
    const stream = testBed({ a: {} }).llm.streamText(ask);
    respond(stream);
    expect(() => respond(stream)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  });
});

describe("toTextResponse", () => {
  it("is the text of the answer, also after a fallback", async () => {
    const bed = testBed({ a: { error: failure("auth") }, b: { reasoning: "hm", text: ["one ", "two"] } });
    expect(await bed.value(bed.llm.streamText(ask).toTextResponse().text())).toBe("one two");
  });

  it.each<[string, MockStep]>([
    ["in the middle", breaksOff],
    ["before the first text", { error: failure("auth") }],
    ["in the middle, by silence", { parts: [{ type: "text", text: "one " }], stallAfter: 1 }],
    ["in the middle, by an early end", { parts: [{ type: "text", text: "one " }], truncate: true }],
  ])("fails its body when the call fails %s", async (_, step) => {
    const bed = testBed({ a: step });
    const reading = bed.llm.streamText(ask).toTextResponse().text();
    await expect(bed.ending(reading, 120_000)).resolves.toHaveProperty("error");
  });

  it("is rejected if text may be withdrawn", () => {
    const stream = testBed({ a: {} }).llm.streamText({ ...ask, onInterrupted: "restart" });
    expect(() => stream.toTextResponse()).toThrow(expect.objectContaining({ path: "onInterrupted" }));
  });

  it("keeps a character whose surrogates arrive in separate chunks", async () => {
    const bed = testBed({ a: { text: ["a\uD83D", "\uDE00b", "\uD83D", "\uDE00"] } });
    expect(await bed.value(bed.llm.streamText(ask).toTextResponse().text())).toBe("a😀b😀");
  });
});

describe("toEventStreamResponse", () => {
  it("has the events of the answer, without the attempts, and ends with finish", async () => {
    const bed = testBed({
      a: { error: failure("auth", { message: SECRET }) },
      b: { reasoning: "hm", text: ["one\n\n", "two"], toolCalls: [{ id: "t", name: "look", input: { at: 1 } }] },
    });
    const tools = { look: { inputSchema: { type: "object" } } };
    const events = await eventsOf(bed, bed.llm.streamText({ ...ask, tools }));
    expect(events.map(({ name }) => name)).toEqual(["reasoning", "text", "text", "tool-call", "finish"]);
    for (const { name, data } of events) expect(data.type).toBe(name);
    expect(events[1]?.data).toEqual({ type: "text", text: "one\n\n" });
    expect(events[3]?.data).toMatchObject({ toolCall: { id: "t", name: "look", input: { at: 1 } } });
    expect(events[4]?.data).toMatchObject({ provider: "b", finishReason: "tool-calls", usage: {} });
    expect(JSON.stringify(events)).not.toContain(SECRET);
  });

  it("has an event for a restart", async () => {
    const bed = testBed({ a: breaksOff, b: { text: "whole" } });
    const events = await eventsOf(bed, bed.llm.streamText({ ...ask, onInterrupted: "restart", maxRetries: 0 }));
    expect(events.map(({ name }) => name)).toEqual(["text", "text", "restart", "text", "finish"]);
  });

  it.each<[string, MockStep, string]>([
    ["in the middle", breaksOff, "interrupted"],
    ["before the first text", { error: failure("auth", { message: SECRET }) }, "auth"],
  ])("ends with an error without vendor texts when the call fails %s", async (_, step, code) => {
    const bed = testBed({ a: step });
    const events = await eventsOf(bed, bed.llm.streamText({ ...ask, maxRetries: 0 }));
    const { callId } = bed.records[0] ?? {};
    expect(events.at(-1)).toEqual({
      name: "error",
      data: { type: "error", error: { code, message: `the answer could not be completed (${code})`, callId } },
    });
    expect(events.filter(({ name }) => name === "finish" || name === "error")).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain(SECRET);
  });

  it("has a generic error for other exceptions", async () => {
    const next = vi.fn<() => Promise<IteratorReturnResult<undefined>>>();
    next.mockRejectedValueOnce(new TypeError(SECRET)).mockResolvedValue({ done: true, value: undefined });
    const body = await toEventStreamResponse({ next }).text();
    expect(parse(body)).toMatchObject([{ name: "error", data: { error: { code: "unexpected", callId: null } } }]);
    expect(body).not.toContain(SECRET);
  });

  it("ends with an error if the call cannot begin", async () => {
    const bed = testBed({ a: mockProvider({ id: "a", configured: false, steps: [{}] }) });
    expect((await eventsOf(bed, bed.llm.streamText(ask))).at(-1)?.data).toMatchObject({
      error: { code: "no_provider" },
    });
  });
});
