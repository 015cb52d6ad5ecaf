import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { createLLMClient } from "./create-llm-client.ts";
import { collect, failure, testBed } from "./test-support/test-bed.ts";

const ask = { prompt: "hello" };

describe("close()", () => {
  it("waits for calls in flight and does not interrupt them", async () => {
    const bed = testBed({ a: { error: failure("auth"), delayMs: 50 }, b: { text: "late", delayMs: 50 } });
    const call = bed.watch(bed.llm.generateText(ask));
    const stream = bed.llm.streamText(ask);
    const { result } = stream;
    await bed.clock.advance(1);
    const closed = bed.watch(bed.llm.close());
    expect((await bed.value(call)).text).toBe("late");
    expect((await bed.value(result)).text).toBe("late");
    expect((await bed.ending(closed)).atMs).toBe(100);
    expect(bed.records).toHaveLength(2);
  });

  it("aborts a stream that is not read for drainMs, and no other", async () => {
    const words = ["one ", "two ", "three ", "four"];
    const bed = testBed({ a: { text: words, gapMs: 150 } }, { drainMs: 200 });
    const abandoned = bed.llm.streamText(ask)[Symbol.asyncIterator]();
    await bed.value(abandoned.next());
    const read = collect(bed.llm.streamText(ask));
    await bed.clock.advance(1);
    await bed.value(bed.llm.close());
    expect((await read).error).toBeNull();
    expect(bed.records.map(({ outcome }) => outcome)).toEqual(["aborted", "success"]);
  });

  it("rejects new calls with closed, without a request", async () => {
    const bed = testBed({ a: {} });
    const early = bed.llm.streamText(ask);
    await bed.llm.close();
    expect((await bed.error(bed.llm.generateText(ask))).code).toBe("closed");
    expect(() => bed.llm.streamText(ask)).toThrow(expect.objectContaining({ code: "closed" }));
    expect((await collect(early)).error?.code).toBe("closed");
    expect((await bed.error(early.result)).code).toBe("closed");
    expect((await bed.error(bed.llm.listModels("a"))).code).toBe("closed");
    expect(bed.called).toEqual([]);
  });

  it("can be called again, and by await using", async () => {
    const bed = testBed({ a: {} });
    {
      await using llm = bed.llm;
      await bed.value(llm.generateText(ask));
    }
    await bed.llm.close();
    expect((await bed.error(bed.llm.generateText(ask))).code).toBe("closed");
  });

  it("invalid options fail with invalid_input even if the client is closed", async () => {
    const bed = testBed({ a: {} });
    await bed.llm.close();
    expect((await bed.error(bed.llm.generateText({}))).code).toBe("invalid_input");
  });
});

it("creates call ids by createCallId", async () => {
  let made = 0;
  const createCallId = () => {
    made += 1;
    return `id-${made}`;
  };
  const bed = testBed({ a: {} }, { createCallId });
  const ids = [
    await bed.value(bed.llm.generateText(ask)),
    await bed.value(bed.llm.generateText({ ...ask, callId: "mine" })),
  ];
  expect(ids.map(({ callId }) => callId)).toEqual(["id-1", "mine"]);
});

it("revive() of an unknown provider throws invalid_input", () => {
  const { llm } = testBed({ a: {} });
  expect(() => llm.revive("b")).toThrow(expect.objectContaining({ code: "invalid_input", path: "provider" }));
});

it("defaults to the platform's clock and environment, and logs nothing", async () => {
  const llm = createLLMClient({
    providers: [mockProvider({ id: "a", configured: (env) => env.PATH === process.env.PATH })],
  });
  const { text, durationMs } = await llm.generateText(ask);
  expect(text).toBe("answer 1 of a");
  expect(durationMs).toBeLessThan(1_000);
  await llm.close();
});

it("health() returns state and statistics of each link", async () => {
  const bed = testBed({
    a: mockProvider({ id: "a", steps: ({ number }) => ({ text: ["x", "y"], delayMs: number * 10, gapMs: 5 }) }),
    b: {},
  });
  expect(bed.llm.health()).toEqual([]);
  for (let call = 0; call < 100; call += 1) await bed.value(bed.llm.generateText(ask));
  const [a, b] = bed.llm.health();
  const all = { calls: 100, succeeded: 100, successRate: 1 };
  expect(a).toMatchObject({ provider: "a", model: "a-model", state: "closed", ...all, windows: { lastHour: all } });
  const exact = { firstTokenMs: { p50: 500, p95: 950 }, durationMs: { p50: 505, p95: 955 } } as const;
  for (const [name, { p50, p95 }] of [
    ["firstTokenMs", exact.firstTokenMs],
    ["durationMs", exact.durationMs],
  ] as const) {
    expect(Math.abs((a?.[name]?.p50 ?? 0) - p50) / p50).toBeLessThan(0.011);
    expect(Math.abs((a?.[name]?.p95 ?? 0) - p95) / p95).toBeLessThan(0.011);
  }
  expect(b).toMatchObject({ provider: "b", calls: 0, successRate: null, firstTokenMs: null, durationMs: null });
  await bed.clock.advance(300_001);
  expect(bed.llm.health()[0]).toMatchObject({ calls: 0, successRate: null, windows: { lastHour: { calls: 100 } } });
});
