import { type MockProvider, type MockStep, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { Breaker } from "../../contract/breaker.ts";
import type { LinkState } from "../../contract/link.ts";
import type { LLMErrorCode } from "../../errors/error-code.ts";
import { isLLMError } from "../../errors/llm-error.ts";
import { failure, type TestBed, testBed } from "../../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const DOWN: MockStep = { error: failure("overloaded"), delayMs: 5 };

/** A provider that fails until a given time and then serves, with its peak of concurrent requests while it was down. */
function recoversAt(id: string, atMs: number, down: MockStep = DOWN): MockProvider & { readonly most: () => number } {
  let most = 0;
  const provider: MockProvider = mockProvider({
    id,
    steps({ context }) {
      if (context.clock.monotonic() >= atMs) return { text: "recovered", delayMs: 5 };
      most = Math.max(most, provider.active);
      return down;
    },
  });
  return Object.assign(provider, { most: () => most });
}

const never = Number.POSITIVE_INFINITY;
const all = (bed: TestBed, calls: number, options = {}) =>
  bed.value(Promise.allSettled(Array.from({ length: calls }, () => bed.llm.generateText({ ...ask, ...options }))));
const codesOf = (results: readonly PromiseSettledResult<unknown>[]): string[] => [
  ...new Set(results.map((result) => (result.status === "fulfilled" ? "served" : result.reason.code))),
];
/** Seeded random numbers, so that tests are independent and deterministic. */
function seededRandom(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe("500 calls while every link is down", () => {
  const KINDS: readonly [string, MockStep][] = [
    ["overloaded", DOWN],
    ["server", { error: failure("server"), delayMs: 5 }],
    ["refused connections", { error: failure("network") }],
    ["rate limits for 30 s", { error: failure("rate_limit", { retryAfterMs: 30_000 }), delayMs: 5 }],
    ["rate limits for 1 s", { error: failure("rate_limit", { retryAfterMs: 1_000 }), delayMs: 5 }],
    ["rate limits without a time", { error: failure("rate_limit"), delayMs: 5 }],
    ["too many calls in flight", { error: failure("rate_limit", { concurrencyLimited: true }), delayMs: 5 }],
    ["broken answers", { error: failure("invalid_response"), delayMs: 5 }],
    ["refused keys", { error: failure("auth"), delayMs: 5 }],
    ["spent quotas", { error: failure("quota"), delayMs: 5 }],
    ["unknown models", { error: failure("model_not_found"), delayMs: 5 }],
  ];

  it.each(KINDS)("%s: at most 1.2 requests per call in each wave", async (_, step) => {
    const ids = ["a", "b", "c", "d"];
    const bed = testBed(Object.fromEntries(ids.map((id) => [id, mockProvider({ id, steps: [step] })])), {
      random: seededRandom(),
    });
    for (let wave = 1; wave <= 2; wave += 1) {
      const before = bed.called.length;
      const startedMs = bed.clock.monotonic();
      expect(codesOf(await all(bed, 500))).toEqual(["all_failed"]);
      expect(bed.clock.monotonic() - startedMs).toBeLessThan(10_000);
      expect((bed.called.length - before) / 500, `wave ${wave}`).toBeLessThan(wave === 1 ? 1.2 : 0.6);
    }
  });
});

describe("one link that recovers", () => {
  it.each([
    ["overloaded", DOWN],
    ["server", { error: failure("server") }],
    ["network", { error: failure("network") }],
    ["rate_limit", { error: failure("rate_limit") }],
  ])("%s: serves each of 300 calls after 700 ms, and gets one probe at a time until then", async (_, down) => {
    for (let seed = 1; seed <= 2; seed += 1) {
      const a = recoversAt("a", 700, down);
      const bed = testBed({ a }, { random: seededRandom(seed) });
      expect(codesOf(await all(bed, 300))).toEqual(["served"]);
      expect(bed.called.length).toBeLessThan(300 + 64 + 20);
      const later = a.calls.filter(({ startedMs }) => startedMs > 100 && startedMs < 700);
      expect(later.length).toBeLessThan(10);
      // Attempts that begin when it has recovered are not probes.
      expect(
        Math.max(0, ...later.map(({ startedMs }) => later.filter((each) => each.startedMs === startedMs).length)),
      ).toBeLessThan(2);
    }
  });

  it("is used again by sequential calls that are made during the outage", async () => {
    const bed = testBed({ a: recoversAt("a", 20_000) }, { random: seededRandom() });
    const outcomes: string[] = [];
    while (bed.clock.monotonic() < 30_000) {
      outcomes.push(
        await bed.value(bed.llm.generateText(ask)).then(
          () => "served",
          (error) => error.code,
        ),
      );
      await bed.clock.advance(400);
      if (outcomes.at(-1) === "served") break;
    }
    // By the next call, although the circuit was open for up to 10 s.
    expect(outcomes.at(-1)).toBe("served");
    expect(bed.clock.monotonic()).toBeLessThan(20_000 + 1_500 + 400 + 400);
  });

  it("among three that do not: serves the waiting calls", async () => {
    const down = (id: string) => recoversAt(id, never);
    const bed = testBed(
      { a: down("a"), b: down("b"), c: recoversAt("c", 700), d: down("d") },
      { random: seededRandom() },
    );
    const results = await all(bed, 300);
    expect(codesOf(results)).toEqual(["served"]);
  });
});

describe("a call without a ready link", () => {
  /** All links of the bed have an open circuit. */
  async function allOpen(steps: Readonly<Record<string, readonly MockStep[] | MockProvider>>, options = {}) {
    const bed = testBed(steps, { breaker: { consecutiveFailures: 1 }, random: seededRandom(), ...options });
    await bed.value(bed.llm.generateText({ ...ask, maxRetries: 0 })).catch(() => {});
    return bed;
  }
  const open: MockStep = { error: failure("server") };

  it("tries each link at least once, and makes at most its own retries beyond that", async () => {
    const bed = await allOpen({ a: [open], b: [open], c: [open] });
    const before = bed.called.length;
    const { error } = await bed.ending(bed.llm.generateText(ask));
    expect(error?.code).toBe("all_failed");
    const tried = bed.called.slice(before);
    expect(new Set(tried)).toEqual(new Set(["a", "b", "c"]));
    expect(tried).toHaveLength(3 + 2);
  });

  it.each<[string, MockStep[]]>([
    ["has failed another call meanwhile", [{}, open]],
    ["has failed others meanwhile, and its retry budget is spent", [{}, open, {}, open, {}, open, {}, open]],
    ["rejects some as too many", [{}, { error: failure("rate_limit") }]],
  ])("does not fail while an untried link is in use, although that link %s", async (_, others) => {
    const bed = testBed(
      { a: [open, open, { ...open, delayMs: 3_000 }], b: [open, open, ...others, { text: "served" }] },
      { breaker: { consecutiveFailures: 2, coolDownMs: 100 } },
    );
    const once = (provider: string) =>
      bed.value(bed.llm.generateText({ ...ask, provider, maxRetries: 0 }).catch(() => null));
    for (const provider of ["a", "a", "b", "b"]) await once(provider);
    const waiting = bed.watch(bed.llm.generateText({ ...ask, maxRetries: 0 }));
    await bed.clock.advance(1_000);
    expect(bed.called.slice(4)).toEqual(["a"]);
    for (const _step of others) await once("b");
    expect(bed.llm.health().find(({ provider }) => provider === "b")?.state).toBe("closed");
    expect((await bed.value(waiting)).text).toBe("served");
  });

  it("makes no retry at all with maxRetries 0", async () => {
    const bed = await allOpen({ a: [open], b: [open] });
    const before = bed.called.length;
    await bed.ending(bed.llm.generateText({ ...ask, maxRetries: 0 }));
    expect(bed.called.slice(before).toSorted()).toEqual(["a", "b"]);
  });

  it("shares a pending probe: its success serves all waiting calls", async () => {
    const bed = await allOpen({ a: [open, { text: "back", delayMs: 200 }] });
    expect(codesOf(await all(bed, 50, { maxRetries: 0 }))).toEqual(["served"]);
    const probes = bed.provider("a").calls.filter(({ startedMs }) => startedMs < 200);
    expect(probes).toHaveLength(1 + 1);
  });

  it("shares a pending probe: if it fails, the waiting calls send no other request", async () => {
    const bed = await allOpen({ a: [open, { ...open, delayMs: 200 }], b: [open, { ...open, delayMs: 100 }] });
    const before = bed.called.length;
    const results = await all(bed, 50, { maxRetries: 0 });
    expect(codesOf(results)).toEqual(["all_failed"]);
    expect(bed.called.slice(before).toSorted()).toEqual(["a", "b"]);
    // Each error has the failures of both links, whichever call caused them.
    for (const result of results) {
      if (result.status === "fulfilled" || !isLLMError(result.reason, "all_failed")) throw new Error("it was served");
      expect(result.reason.errors.map(({ provider }) => provider).toSorted()).toEqual(["a", "b"]);
    }
  });

  it("sends a new probe if the probing call is aborted", async () => {
    const bed = await allOpen({ a: [open, { hang: true }, { text: "back" }] });
    const first = bed.watch(bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal }));
    await bed.clock.advance(10);
    const second = bed.watch(bed.llm.generateText({ ...ask, maxRetries: 0 }));
    await bed.clock.advance(100);
    expect(bed.called).toHaveLength(2);
    bed.controller.abort();
    expect((await bed.error(first)).code).toBe("aborted");
    expect((await bed.value(second)).text).toBe("back");
  });

  it("sends a new probe if a call that probed a half-open link on its normal way is aborted", async () => {
    const bed = await allOpen({ a: [open, { hang: true }, { text: "back" }] });
    await bed.clock.advance(5_000);
    const first = bed.watch(bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal }));
    await bed.clock.advance(10);
    const second = bed.watch(bed.llm.generateText({ ...ask, maxRetries: 0 }));
    await bed.clock.advance(1_000);
    expect(bed.called).toHaveLength(2);
    bed.controller.abort();
    await bed.error(first);
    expect((await bed.value(second)).text).toBe("back");
    expect(bed.clock.monotonic()).toBeLessThan(5_000 + 10 + 1_000 + 400);
  });

  it("waits for a probe of another process that a shared breaker reports", async () => {
    let state: LinkState = { state: "half-open", untilMonoMs: null, why: null, code: "server", probing: true };
    const breaker: Breaker = {
      read: () => state,
      begin: (link) => ({ link, trips: 0, credentialTrips: 0, probe: false }),
      end: () => {},
      rest: () => {},
      revive: () => {},
    };
    const bed = testBed({ a: { text: "back" } }, { breaker });
    const waiting = bed.watch(bed.llm.generateText(ask));
    await bed.clock.advance(3_000);
    expect(bed.called).toEqual([]);
    state = { ...state, state: "closed", probing: false };
    expect((await bed.value(waiting)).text).toBe("back");
    expect(bed.clock.monotonic()).toBeLessThan(3_500);
  });

  it("ends at its deadline while it waits", async () => {
    const bed = await allOpen({ a: [open, { hang: true }] }, { timeouts: { firstTokenMs: null, attemptMs: null } });
    bed.watch(bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal })).catch(() => {});
    await bed.clock.advance(10);
    const { error, atMs, timersLeft } = await bed.ending(bed.llm.generateText({ ...ask, timeouts: { totalMs: 300 } }));
    expect([error?.code, atMs]).toEqual(["deadline", 310]);
    bed.controller.abort();
    await bed.clock.advance(0);
    expect(timersLeft).toBeLessThan(3);
  });

  it("is served at once after revive()", async () => {
    const bed = await allOpen({ a: [open, open, open, open, { text: "back" }] });
    for (let time = 0; time < 2; time += 1) await bed.ending(bed.llm.generateText({ ...ask, maxRetries: 0 }));
    const waiting = bed.watch(bed.llm.generateText(ask));
    await bed.clock.advance(1);
    bed.llm.revive("a");
    await bed.clock.advance(1);
    expect((await bed.value(waiting)).text).toBe("back");
    expect(bed.clock.monotonic()).toBeLessThan(700);
  });
});

describe("the retry budget", () => {
  it("when it is spent, calls fall back to the next ready link", async () => {
    const flaky = mockProvider({
      id: "a",
      steps: ({ number }) => (number % 2 === 0 ? {} : { error: failure("server") }),
    });
    const bed = testBed({ a: flaky, b: {} }, { breaker: { consecutiveFailures: 99, failureRate: 1 } });
    const results = await all(bed, 200);
    expect(codesOf(results)).toEqual(["served"]);
    const retries = bed.records.flatMap(({ attempts }) => attempts.slice(1)).filter(({ provider }) => provider === "a");
    expect(retries.length).toBeLessThanOrEqual(200 * 0.1 + 3);
    expect(bed.called.filter((id) => id === "b").length).toBeGreaterThan(60);
  });

  it("fails no call: with only one link the call waits and is served", async () => {
    const flaky = mockProvider({
      id: "a",
      steps: ({ number }) => (number % 3 === 0 ? {} : { error: failure("server") }),
    });
    const bed = testBed(
      { a: flaky },
      { breaker: { consecutiveFailures: 99, failureRate: 1 }, retry: { maxRetries: 12 } },
    );
    expect(codesOf(await all(bed, 60))).toEqual(["served"]);
  });
});

describe("retryAfterMs of all_failed is", () => {
  it.each<[string, number[], number | null]>([
    ["the shortest wait of all links", [30_000, 12_000, 20_000], 12_000],
    ["the wait of one link", [7_000], 7_000],
  ])("%s", async (_, waits, expected) => {
    const steps = Object.fromEntries(
      waits.map((retryAfterMs, at) => [`p${at}`, [{ error: failure("rate_limit", { retryAfterMs }) }]]),
    );
    const bed = testBed({ ...steps, z: [{ error: failure("context_length") }] });
    expect((await bed.error(bed.llm.generateText(ask))).retryAfterMs).toBe(expected);
  });

  it.each<[LLMErrorCode, number | null]>([
    ["server", 5_000],
    ["auth", 300_000],
    ["context_length", null],
  ])("the time until the first probe if circuits are open: %s", async (code, expected) => {
    const steps = [{ error: failure(code) }];
    const bed = testBed({ a: steps, b: steps }, { breaker: { consecutiveFailures: 1 } });
    expect((await bed.error(bed.llm.generateText({ ...ask, maxRetries: 0 }))).retryAfterMs).toBe(expected);
  });
});

describe("no retry is sent while the circuit is open", () => {
  it("on the last link, the call waits until the circuit is half-open", async () => {
    const bed = testBed({ a: recoversAt("a", 300) }, { breaker: { consecutiveFailures: 1 }, random: seededRandom() });
    const { value } = await bed.ending(bed.llm.generateText(ask));
    expect(value?.text).toBe("recovered");
  });

  it("with another link ready, the call falls back", async () => {
    const bed = testBed({ a: [DOWN], b: {} }, { breaker: { consecutiveFailures: 1 } });
    await bed.value(bed.llm.generateText(ask));
    expect(bed.called).toEqual(["a", "b"]);
  });
});
