import { type MockStep, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { Breaker } from "../contract/breaker.ts";
import type { CallOptions } from "../contract/call-options.ts";
import type { LLMErrorCode } from "../errors/error-code.ts";
import { collect, failure, type TestBed, testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const once = { ...ask, maxRetries: 0 };

/** Makes a number of calls in sequence. */
async function call(bed: TestBed, times: number, options: CallOptions = once) {
  for (let time = 0; time < times; time += 1) await bed.value(bed.llm.generateText(options)).catch(() => {});
}
const healthOf = (bed: TestBed, provider: string) => bed.llm.health().find((link) => link.provider === provider);
const callsOf = (bed: TestBed, provider: string) => bed.called.filter((id) => id === provider).length;

describe("a link that failed five times in a row", () => {
  async function tripped(a: readonly MockStep[] = [{ error: failure("server") }]) {
    const bed = testBed({ a: mockProvider({ id: "a", steps: a }), b: {} });
    await call(bed, 5);
    expect(callsOf(bed, "a")).toBe(5);
    return bed;
  }
  const comesBack: readonly MockStep[] = [...Array<MockStep>(5).fill({ error: failure("server") }), { text: "back" }];

  it("is skipped, and plan() and health() show it", async () => {
    const bed = await tripped();
    await call(bed, 3);
    expect(callsOf(bed, "a")).toBe(5);
    const until = bed.clock.now() - bed.clock.monotonic() + 5_000;
    const why = `open until ${new Date(until).toISOString()} (server: server as scripted)`;
    expect(await bed.llm.plan()).toMatchObject({
      links: [{ provider: "b" }],
      skipped: [{ provider: "a", reason: why }],
    });
    expect(healthOf(bed, "a")).toMatchObject({
      model: "a-model",
      state: "open",
      until,
      code: "server",
      why: "server as scripted",
      calls: 5,
      successRate: 0,
      active: 0,
      queued: 0,
      limit: 64,
    });
    expect(healthOf(bed, "b")).toMatchObject({ state: "closed", until: null, code: null, calls: 8, successRate: 1 });
  });

  it("is probed after 5 s, and closes if the probe succeeds", async () => {
    const bed = await tripped(comesBack);
    await bed.clock.advance(5_000);
    expect((await bed.llm.plan()).links).toMatchObject([
      { provider: "a", reason: "default model; half-open: one probe" },
      {},
    ]);
    expect((await bed.value(bed.llm.generateText(once))).text).toBe("back");
    expect(healthOf(bed, "a")?.state).toBe("closed");
  });

  it("opens for twice as long if the probe fails; the call is still served", async () => {
    const bed = await tripped();
    await bed.clock.advance(5_000);
    const result = await bed.value(bed.llm.generateText(once));
    expect(result.attempts.map(({ provider }) => provider)).toEqual(["a", "b"]);
    expect(healthOf(bed, "a")?.until).toBe(bed.clock.now() - bed.clock.monotonic() + 15_000);
  });

  it("is probed by another call when the first probe is aborted", async () => {
    const bed = await tripped([
      ...Array<MockStep>(5).fill({ error: failure("server") }),
      { hang: true },
      { text: "back" },
    ]);
    await bed.clock.advance(5_000);
    const probe = bed.watch(bed.llm.generateText({ ...once, abortSignal: bed.controller.signal }));
    await bed.clock.advance(1);
    expect((await bed.value(bed.llm.generateText(once))).provider).toBe("b");
    bed.controller.abort();
    await bed.error(probe);
    expect((await bed.value(bed.llm.generateText(once))).text).toBe("back");
  });

  it("is tried when every other link has failed", async () => {
    const bed = testBed({
      a: mockProvider({ id: "a", steps: comesBack }),
      b: [...Array<MockStep>(5).fill({}), { error: failure("context_length") }],
    });
    await call(bed, 5);
    const result = await bed.value(bed.llm.generateText(once));
    expect(result.text).toBe("back");
    expect(result.attempts.map(({ provider }) => provider)).toEqual(["b", "a"]);
  });

  it("is used immediately after revive()", async () => {
    const bed = await tripped(comesBack);
    bed.llm.revive("a");
    expect(healthOf(bed, "a")?.state).toBe("closed");
    expect((await bed.value(bed.llm.generateText(once))).text).toBe("back");
  });
});

it("a link is skipped after half of its last twenty calls failed", async () => {
  const bed = testBed({
    a: mockProvider({ id: "a", steps: ({ number }) => (number % 2 === 0 ? { error: failure("server") } : {}) }),
    b: {},
  });
  await call(bed, 25);
  expect(callsOf(bed, "a")).toBe(20);
});

describe("half-open", () => {
  it.each([
    ["a plain call", {}],
    ["a call with tools", { tools: { look: { inputSchema: { type: "object" } } } }],
  ])("sends one probe at a time, however many calls begin at the same time: %s", async (_, more) => {
    const bed = testBed(
      { a: [{ error: failure("timeout") }, { text: "back", delayMs: 100 }], b: {} },
      { breaker: { consecutiveFailures: 1 } },
    );
    await bed.value(bed.llm.generateText({ ...ask, ...more }));
    await bed.clock.advance(5_000);
    const calls = Array.from({ length: 10 }, () => bed.llm.generateText({ ...ask, ...more }));
    const results = await bed.value(Promise.all(calls));
    expect(results.map(({ provider }) => provider).toSorted()).toEqual(["a", ...Array<string>(9).fill("b")]);
  });
});

describe("a call that waits in a provider's queue", () => {
  it("does not try the link when it has been opened meanwhile", async () => {
    const bed = testBed({ a: { hang: true }, b: {} }, { maxConcurrency: { a: 1 }, timeouts: { firstTokenMs: 100 } });
    const calls = Array.from({ length: 20 }, () => bed.llm.generateText(ask));
    const { value, atMs } = await bed.ending(Promise.all(calls));
    expect(value?.map(({ provider }) => provider)).toEqual(Array<string>(20).fill("b"));
    expect(callsOf(bed, "a")).toBe(5);
    expect(atMs).toBe(500);
  });
});

describe("one failure is enough, for five minutes:", () => {
  it.each<LLMErrorCode>(["auth", "permission", "quota"])("%s, for all models of the provider and key", async (code) => {
    const bed = testBed({ a: { error: failure(code) }, b: {} });
    await call(bed, 1);
    await call(bed, 3, { ...once, models: { a: "another-model" } });
    expect(callsOf(bed, "a")).toBe(1);
    await bed.clock.advance(299_000);
    await call(bed, 1);
    expect(callsOf(bed, "a")).toBe(1);
    await bed.clock.advance(1_000);
    await call(bed, 1);
    expect(callsOf(bed, "a")).toBe(2);
  });

  it("model_not_found, for that model alone", async () => {
    const bed = testBed({
      a: mockProvider({
        id: "a",
        steps: ({ request }) => (request.model === "gone" ? { error: failure("model_not_found") } : {}),
      }),
      b: {},
    });
    const gone = { ...once, models: { a: "gone" } };
    expect((await bed.value(bed.llm.generateText(gone))).provider).toBe("b");
    await call(bed, 3, gone);
    expect(callsOf(bed, "a")).toBe(1);
    expect((await bed.value(bed.llm.generateText(once))).provider).toBe("a");
  });

  it("and it is not tried again when the others fail, because it does not recover with time", async () => {
    const bed = testBed({ a: { error: failure("auth") }, b: [{}, { error: failure("context_length") }] });
    await call(bed, 1);
    expect(await bed.error(bed.llm.generateText(once))).toMatchObject({ code: "context_length" });
    expect(callsOf(bed, "a")).toBe(1);
  });

  it("but it is tried if it is the only link", async () => {
    const bed = testBed({ a: [{ error: failure("auth") }, { text: "the key works now" }] });
    await call(bed, 1);
    expect((await bed.llm.plan()).links[0]?.reason).toContain("tried because no other link is available");
    expect((await bed.value(bed.llm.generateText(once))).text).toBe("the key works now");
  });

  it("a refused key of a tenant affects only that tenant", async () => {
    const bed = testBed({
      a: mockProvider({
        id: "a",
        steps: ({ context }) => (context.credentials?.apiKey === "bad-key-1" ? { error: failure("auth") } : {}),
      }),
      b: {},
    });
    const tenant = (apiKey: string) => ({ ...once, credentials: { a: { apiKey } } });
    await call(bed, 3, tenant("bad-key-1"));
    expect(callsOf(bed, "a")).toBe(1);
    expect((await bed.value(bed.llm.generateText(tenant("good-key-2")))).provider).toBe("a");
    expect((await bed.value(bed.llm.generateText(once))).provider).toBe("a");
    expect((await bed.value(bed.llm.generateText(tenant("bad-key-1")))).provider).toBe("b");
    expect((await bed.llm.plan(tenant("bad-key-1"))).skipped).toMatchObject([{ provider: "a" }]);
    expect((await bed.llm.plan()).skipped).toEqual([]);
  });

  it("a changed key in the environment has a new circuit", async () => {
    const env: Record<string, string> = { A_API_KEY: "old-key-1" };
    const bed = testBed(
      {
        a: mockProvider({
          id: "a",
          steps: ({ context }) => (context.env.A_API_KEY === "old-key-1" ? { error: failure("auth") } : {}),
        }),
        b: {},
      },
      { env },
    );
    await call(bed, 2);
    expect(callsOf(bed, "a")).toBe(1);
    env.A_API_KEY = "new-key-1";
    expect((await bed.value(bed.llm.generateText(once))).provider).toBe("a");
  });
});

describe("a rate limit", () => {
  it("rests the link until the time the provider gave", async () => {
    const bed = testBed({ a: [{ error: failure("rate_limit", { retryAfterMs: 60_000 }) }, { text: "again" }], b: {} });
    await call(bed, 3);
    expect(callsOf(bed, "a")).toBe(1);
    expect(healthOf(bed, "a")).toMatchObject({ state: "resting", code: "rate_limit" });
    expect((await bed.llm.plan()).skipped[0]?.reason).toMatch(
      /^resting until .*Z \(rate_limit: rate_limit as scripted\)$/,
    );
    await bed.clock.advance(60_000);
    expect((await bed.value(bed.llm.generateText(once))).text).toBe("again");
  });

  it("that ends soon is waited for if there is no other link", async () => {
    const bed = testBed({ a: [{ error: failure("rate_limit", { retryAfterMs: 3_000 }) }, { text: "again" }] });
    await call(bed, 1);
    const { value, atMs } = await bed.ending(bed.llm.generateText(once));
    expect(value?.text).toBe("again");
    expect(atMs).toBe(3_000);
  });

  it("with a long wait does not prevent an attempt if there is no other link", async () => {
    const bed = testBed({ a: [{ error: failure("rate_limit", { retryAfterMs: 60_000 }) }, { text: "again" }] });
    await call(bed, 1);
    const { value, atMs } = await bed.ending(bed.llm.generateText(once));
    expect(value?.text).toBe("again");
    expect(atMs).toBe(0);
  });
});

describe("headroom", () => {
  const budget = (remaining: number | null, resetMs: number | null) => ({
    kind: "requests" as const,
    limit: 10,
    remaining,
    resetMs,
  });

  it("a link with no headroom left rests until the reset", async () => {
    const bed = testBed({ a: [{ rateLimits: [budget(0, 20_000)] }, { text: "again" }], b: {} });
    const results = [await bed.value(bed.llm.generateText(once)), await bed.value(bed.llm.generateText(once))];
    expect(results.map(({ provider }) => provider)).toEqual(["a", "b"]);
    expect((await bed.llm.plan()).skipped[0]?.reason).toContain("no requests left until the provider's limit is reset");
    await bed.clock.advance(20_000);
    expect((await bed.value(bed.llm.generateText(once))).text).toBe("again");
  });

  it.each([
    ["headroom left", budget(1, 20_000)],
    ["no headroom known", budget(null, 20_000)],
    ["no reset time known", budget(0, null)],
    ["a reset in the past", budget(0, 0)],
  ])("%s: the link stays in use", async (_, rateLimit) => {
    const bed = testBed({ a: { rateLimits: [rateLimit] }, b: {} });
    await call(bed, 3);
    expect(callsOf(bed, "a")).toBe(3);
  });

  it("is kept apart per credential", async () => {
    const bed = testBed({ a: { rateLimits: [budget(0, 20_000)] }, b: {} });
    await call(bed, 1, { ...once, credentials: { a: { apiKey: "tenant-key" } } });
    expect((await bed.value(bed.llm.generateText(once))).provider).toBe("a");
  });
});

describe("errors that the link did not cause do not open its circuit:", () => {
  it.each<LLMErrorCode>(["content_filter", "invalid_request", "context_length", "unsupported"])("%s", async (code) => {
    const bed = testBed({ a: { error: failure(code) }, b: {} });
    await call(bed, 30);
    expect(callsOf(bed, "a")).toBe(30);
    expect(healthOf(bed, "a")?.state).toBe("closed");
  });

  it("calls aborted by their callers", async () => {
    const bed = testBed({ a: { hang: true }, b: {} });
    const calls = Array.from({ length: 30 }, () =>
      bed.watch(bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal })),
    );
    await bed.clock.advance(1);
    bed.controller.abort();
    for (const each of calls) await bed.error(each);
    expect(healthOf(bed, "a")).toMatchObject({ state: "closed", calls: 0, successRate: null });
  });

  it("calls past their deadline, and streams not read to the end", async () => {
    const bed = testBed({ a: { text: ["x", "y"], stallAfter: 1 } });
    for (let time = 0; time < 10; time += 1) {
      await bed.error(bed.llm.generateText({ ...ask, timeouts: { totalMs: 50 } }));
      for await (const _ of bed.llm.streamText(ask)) break;
    }
    expect(healthOf(bed, "a")?.state).toBe("closed");
  });
});

it("when every link is open, the one due soonest is tried first", async () => {
  const fail = (text: string): MockStep[] => [{ error: failure("server") }, { text }];
  const bed = testBed({ a: fail("a"), b: fail("b"), c: fail("c") }, { breaker: { consecutiveFailures: 1 } });
  for (const provider of ["b", "a", "c"]) {
    await call(bed, 1, { ...once, provider });
    await bed.clock.advance(1_000);
  }
  expect((await bed.llm.plan()).links).toMatchObject([
    {
      provider: "b",
      reason: expect.stringMatching(/^default model; open until .* tried because no other link is available$/),
    },
  ]);
  expect((await bed.value(bed.llm.generateText(once))).text).toBe("b");
});

it("when every link is open and the soonest fails, the others are tried, too", async () => {
  const bed = testBed(
    { a: { error: failure("server") }, b: [{ error: failure("server") }, { text: "b" }] },
    { breaker: { consecutiveFailures: 1 } },
  );
  expect((await bed.error(bed.llm.generateText(once))).code).toBe("all_failed");
  expect((await bed.value(bed.llm.generateText(once))).text).toBe("b");
});

it("a link opened by another call in the meantime is skipped, and tried last", async () => {
  const bed = testBed(
    {
      a: { error: failure("auth"), delayMs: 100 },
      b: { error: failure("server") },
      c: { error: failure("context_length") },
    },
    { breaker: { consecutiveFailures: 1 } },
  );
  const slow = bed.watch(bed.llm.generateText({ ...once, callId: "slow" }));
  await bed.clock.advance(50);
  await call(bed, 1, { ...once, provider: "b" });
  const { attempts } = await bed.error(slow);
  expect(attempts.map(({ provider }) => provider)).toEqual(["a", "c", "b"]);
});

it("an interrupted stream counts", async () => {
  const bed = testBed({ a: { text: ["x", "y"], error: failure("network"), failAfter: 1 }, b: {} });
  for (let time = 0; time < 5; time += 1) await bed.value(collect(bed.llm.streamText(ask)));
  expect(healthOf(bed, "a")?.state).toBe("open");
});

it("can be replaced by another breaker", async () => {
  const calls: string[] = [];
  const breaker: Breaker = {
    read: ({ provider }) => {
      calls.push(`read ${provider}`);
      const open = provider === "a";
      return {
        state: open ? "open" : "closed",
        untilMonoMs: open ? 1_000 : null,
        why: null,
        code: null,
        probing: false,
      };
    },
    begin: (link) => {
      calls.push(`begin ${link.provider}`);
      return { link, trips: 0, credentialTrips: 0, probe: false };
    },
    end: ({ link }, result) => void calls.push(`end ${link.provider} ${result}`),
    rest: () => {},
    revive: (provider) => void calls.push(`revive ${provider}`),
  };
  const bed = testBed({ a: {}, b: {} }, { breaker });
  expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("b");
  bed.llm.revive("a");
  expect(calls).toEqual(expect.arrayContaining(["read a", "begin b", "end b success", "revive a"]));
});
