import { createFakeClock, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { Breaker } from "../../contract/breaker.ts";
import type { CallOptions } from "../../contract/call-options.ts";
import type { LLMClientOptions } from "../../contract/client-options.ts";
import type { LinkState } from "../../contract/link.ts";
import { failure, listenersOf, testBed } from "../../test-support/test-bed.ts";

const slow = { text: "ok", delayMs: 100 };
const promptOf = (call: { request: { messages: readonly { content: unknown }[] } }) =>
  call.request.messages[0]?.content;

describe("the calls in flight of a provider are limited", () => {
  const own = mockProvider({ id: "a", steps: [slow] });
  it.each<[string, LLMClientOptions["maxConcurrency"], number | undefined, number]>([
    ["by a number in the client's options", 3, undefined, 3],
    ["by the provider's id", { a: 4, default: 2 }, undefined, 4],
    ["by the default of the client", { b: 4, default: 2 }, 7, 2],
    ["by the default of the provider", { b: 4 }, 7, 7],
    ["to 64 by default", undefined, undefined, 64],
    ["not at all by Infinity", Number.POSITIVE_INFINITY, 7, 100],
  ])("%s", async (_, maxConcurrency, known, expected) => {
    const provider = { ...mockProvider({ id: "a", steps: [slow] }), maxConcurrency: known };
    const bed = testBed({ a: provider }, { maxConcurrency });
    const calls = Array.from({ length: 100 }, () => bed.llm.generateText({ prompt: "x" }));
    await bed.clock.advance(1);
    expect(bed.called).toHaveLength(expected);
    const limit = expected === 100 ? Number.POSITIVE_INFINITY : expected;
    expect(bed.llm.health()).toMatchObject([{ active: expected, queued: 100 - expected, limit }]);
    await bed.value(Promise.all(calls));
    expect(bed.called).toHaveLength(100);
    expect(bed.llm.health()).toMatchObject([{ active: 0, queued: 0 }]);
  });

  it("separately for each credential", async () => {
    const bed = testBed({ a: own }, { maxConcurrency: 1 });
    const tenants = ["key-1111", "key-2222", "key-2222"].map((apiKey) => ({
      prompt: "x",
      credentials: { a: { apiKey } },
    }));
    const calls = [{ prompt: "x" }, ...tenants].map((options) => bed.llm.generateText(options));
    await bed.clock.advance(1);
    expect(bed.called).toHaveLength(3);
    expect(bed.llm.health().map(({ active, queued }) => [active, queued])).toEqual([
      [1, 0],
      [1, 0],
      [1, 1],
    ]);
    await bed.value(Promise.all(calls));
  });
});

describe("queued calls go", () => {
  it.each<[string, readonly Partial<CallOptions & { prompt: string }>[], string]>([
    [
      "by priority, then arrival",
      [{ prompt: "a" }, { prompt: "b", priority: 1 }, { prompt: "c", priority: 1 }, { prompt: "d", priority: -1 }],
      "bcad",
    ],
    [
      "evenly among agents",
      [
        { prompt: "a", agent: "x" },
        { prompt: "b", agent: "x" },
        { prompt: "c", agent: "y" },
      ],
      "acb",
    ],
  ])("%s", async (_, asks, order) => {
    const bed = testBed({ a: slow }, { maxConcurrency: 1 });
    const first = bed.llm.generateText({ prompt: "" + "first" });
    const calls = asks.map((options) => bed.llm.generateText({ prompt: "", ...options }));
    await bed.value(Promise.all([first, ...calls]));
    expect(bed.provider("a").calls.slice(1).map(promptOf).join("")).toBe(order);
  });
});

describe("a queued call", () => {
  it("leaves the queue when it is aborted", async () => {
    const bed = testBed({ a: slow, b: {} }, { maxConcurrency: { a: 1 } });
    const { signal } = bed.controller;
    const first = bed.llm.generateText({ prompt: "first" });
    const quitter = bed.llm.generateText({ prompt: "quitter", abortSignal: signal });
    const last = bed.llm.generateText({ prompt: "last" });
    await bed.clock.advance(10);
    expect(bed.llm.health()[0]).toMatchObject({ active: 1, queued: 2 });
    bed.controller.abort();
    const { error, atMs } = await bed.ending(quitter);
    expect(error).toMatchObject({ code: "aborted", attempts: [] });
    expect(atMs).toBe(10);
    expect(listenersOf(signal)).toBe(0);
    expect(bed.llm.health()[0]).toMatchObject({ active: 1, queued: 1 });
    await bed.value(Promise.all([first, last]));
    expect(bed.provider("a").calls.map(promptOf)).toEqual(["first", "last"]);
  });

  it("falls back to the next link when its share of the time has passed", async () => {
    const bed = testBed({ a: { text: "a", delayMs: 900 }, b: { text: "b" } }, { maxConcurrency: { a: 1 } });
    const first = bed.llm.generateText({ prompt: "first" });
    const { value, atMs } = await bed.ending(bed.llm.generateText({ prompt: "second", timeouts: { totalMs: 1_000 } }));
    expect(value).toMatchObject({ text: "b", attempts: [{ provider: "b" }] });
    expect(atMs).toBe(500);
    await bed.value(first);
    expect(bed.llm.health()[0]).toMatchObject({ active: 0, queued: 0 });
  });

  it("returns to the first link when the others have failed", async () => {
    const steps = [
      { text: "first", delayMs: 900 },
      { text: "second", delayMs: 100 },
    ];
    const bed = testBed({ a: steps, b: { error: failure("context_length") } }, { maxConcurrency: { a: 1 } });
    const first = bed.llm.generateText({ prompt: "first" });
    const { value, atMs } = await bed.ending(bed.llm.generateText({ prompt: "second", timeouts: { totalMs: 1_500 } }));
    expect(value).toMatchObject({ text: "second", attempts: [{ provider: "b" }, { provider: "a" }] });
    expect(atMs).toBe(1_000);
    await bed.value(first);
  });

  it.each(["a", "b"])("takes the first free slot when every link is full: %s", async (free) => {
    const busy = (id: string) =>
      mockProvider({
        id,
        steps: [id === free ? { text: "busy", delayMs: 8_000 } : { hang: true }, { text: `from ${id}` }],
      });
    const bed = testBed({ a: busy("a"), b: busy("b") }, { maxConcurrency: 1, timeouts: { firstTokenMs: null } });
    const occupants = ["a", "b"].map((provider) =>
      bed.watch(bed.llm.generateText({ prompt: "x", provider, abortSignal: bed.controller.signal })),
    );
    await bed.clock.advance(1);
    const call = bed.llm.generateText({ prompt: "second", timeouts: { totalMs: 10_000 } });
    expect(await bed.value(call)).toMatchObject({ text: `from ${free}`, attempts: [{ provider: free }] });
    bed.controller.abort();
    for (const occupant of occupants) await bed.ending(occupant);
  });

  it("waits until the deadline of the call if there is no other link", async () => {
    const bed = testBed({ a: { text: "a", delayMs: 900 } }, { maxConcurrency: 1 });
    const first = bed.llm.generateText({ prompt: "first" });
    const second = bed.llm.generateText({ prompt: "second", timeouts: { totalMs: 2_000 } });
    const third = await bed.ending(bed.llm.generateText({ prompt: "third", timeouts: { totalMs: 1_000 } }));
    expect(third).toMatchObject({ atMs: 1_000, error: { code: "deadline", attempts: [] } });
    expect((await bed.value(Promise.all([first, second]))).map(({ text }) => text)).toEqual(["a", "a"]);
  });

  it("supports a deadline that is longer than the maximum of a timer", async () => {
    const bed = testBed({ a: slow, b: {} }, { maxConcurrency: { a: 1 } });
    const options = { prompt: "x", deadline: bed.clock.now() + 1e12, timeouts: { totalMs: null } };
    const results = await bed.value(Promise.all([bed.llm.generateText(options), bed.llm.generateText(options)]));
    expect(results.map(({ provider }) => provider)).toEqual(["a", "a"]);
  });
});

it("the limit shrinks when a provider rejects too many calls, and grows slowly again", async () => {
  const provider = mockProvider({
    id: "a",
    steps: () => (provider.active >= 10 ? { error: failure("rate_limit", { concurrencyLimited: true }) } : slow),
  });
  const bed = testBed({ a: provider }, { maxConcurrency: 40, retry: { maxRetries: 10 } });
  const limits: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    await bed.value(Promise.all(Array.from({ length: 40 }, () => bed.llm.generateText({ prompt: "x" }))));
    limits.push(bed.llm.health()[0]?.limit ?? 0);
  }
  expect(Math.max(...limits)).toBeLessThan(20);
  expect(Math.min(...limits)).toBeGreaterThan(3);
  const refused = bed.records.flatMap(({ attempts }) => attempts).filter(({ outcome }) => outcome === "failed");
  expect(refused.length).toBeLessThan(120);
  expect(bed.records.every(({ outcome }) => outcome === "success")).toBe(true);
});

it("a call past its deadline makes no request when it gets its slot, even if its timer is late", async () => {
  const clock = createFakeClock();
  let skippedMs = 0;
  const bed = testBed(
    { a: mockProvider({ id: "a", steps: [{ text: "first", delayMs: 100 }, {}] }) },
    { maxConcurrency: 1, clock: { ...clock, monotonic: () => clock.monotonic() + skippedMs } },
  );
  const first = bed.llm.generateText({ prompt: "first" });
  const second = Promise.allSettled([bed.llm.generateText({ prompt: "second", timeouts: { totalMs: 1_000 } })]);
  await clock.advance(50);
  skippedMs = 5_000;
  await clock.advance(50);
  expect((await first).text).toBe("first");
  expect(await second).toMatchObject([{ status: "rejected", reason: { code: "deadline", attempts: [] } }]);
  expect(bed.called).toEqual(["a"]);
});

it("a rest that ends between two checks does not cause a fallback", async () => {
  let reads = 0;
  const rest: LinkState = { state: "resting", untilMonoMs: 1, why: null, code: "rate_limit", probing: false };
  const closed: LinkState = { ...rest, state: "closed", untilMonoMs: null };
  const breaker: Breaker = {
    read({ provider }) {
      if (provider !== "a" || bed.called.length === 0) return closed;
      reads += 1;
      // The step after the failure reads the state once; the retry reads it twice.
      return reads <= 2 ? rest : closed;
    },
    begin: (link) => ({ link, trips: 0, credentialTrips: 0, probe: false }),
    end: () => {},
    rest: () => {},
    revive: () => {},
  };
  const limited = { error: failure("rate_limit", { retryAfterMs: 5 }) };
  const bed = testBed({ a: [limited, { text: "from a" }], b: {} }, { breaker });
  expect((await bed.value(bed.llm.generateText({ prompt: "x" }))).text).toBe("from a");
});

it("a failed attempt frees its slot at once, even if its reader is slow", async () => {
  const bed = testBed({ a: [{ error: failure("auth") }, slow], b: slow }, { maxConcurrency: 1 });
  const reader = bed.llm.streamText({ prompt: "x" })[Symbol.asyncIterator]();
  expect((await reader.next()).value).toMatchObject({ type: "attempt" });
  expect(bed.llm.health()).toMatchObject([{ provider: "a", active: 0 }, { active: 0 }]);
  await reader.return?.();
});
