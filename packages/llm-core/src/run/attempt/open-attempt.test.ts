import { type MockStep, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
// Loaded by the first call for an object; a fake clock must not wait for a real disk.
import "../../structured/object/generate-object.ts";
import type { Timeouts } from "../../contract/call-options.ts";
import type { StreamPart } from "../../contract/model-answer.ts";
import type { Provider } from "../../contract/provider.ts";
import { collect, failure, listenersOf, testBed } from "../../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const never = new Promise<never>(() => {});

const silent = (id: string, steps: readonly MockStep[]) =>
  mockProvider({ id, steps, capabilities: { silentReasoning: true } });

describe("with default options, a healthy call succeeds that reasons for 45 s", () => {
  const visible: MockStep = { reasoning: Array<string>(9).fill("hm "), text: "42", delayMs: 5_000, gapMs: 5_000 };
  it.each<[string, MockStep, boolean, "auto" | "json"]>([
    ["and shows it", visible, false, "auto"],
    ["and shows it at the end of a JSON answer", visible, false, "json"],
    ["in silence, streaming", { text: "42", delayMs: 45_000 }, true, "auto"],
    ["in silence, JSON", { text: "42", delayMs: 45_000 }, true, "json"],
  ])("%s", async (_, step, silentReasoning, transport) => {
    const first = mockProvider({ id: "a", steps: [step], capabilities: { silentReasoning } });
    const bed = testBed({ a: first, b: {}, c: {}, d: {} });
    const { value, timersLeft } = await bed.ending(bed.llm.generateText({ ...ask, transport }));
    expect(value).toMatchObject({ text: "42", provider: "a" });
    expect(value?.durationMs).toBeGreaterThanOrEqual(45_000);
    expect(bed.called).toEqual(["a"]);
    expect(timersLeft).toBe(0);
  });
});

describe("falls back from a dead provider", () => {
  it.each<[string, MockStep, boolean, "auto" | "json", Timeouts | undefined, number, string]>([
    ["at 10 s", { hang: true }, false, "auto", undefined, 10_000, "no first part within 10000 ms"],
    [
      "at 60 s where the model reasons in silence",
      { hang: true },
      true,
      "auto",
      undefined,
      60_000,
      "no first part within 60000 ms",
    ],
    ["at attemptMs without streaming", { hang: true }, false, "json", undefined, 60_000, "no answer within 60000 ms"],
    [
      "at the firstTokenMs asked for",
      { hang: true },
      false,
      "auto",
      { firstTokenMs: 300 },
      300,
      "no first part within 300 ms",
    ],
    [
      "at the firstTokenMs asked for, silent model or not",
      { hang: true },
      true,
      "auto",
      { firstTokenMs: 300 },
      300,
      "no first part within 300 ms",
    ],
    [
      "at the attemptMs asked for",
      { hang: true },
      true,
      "json",
      { attemptMs: 700, firstTokenMs: 1 },
      700,
      "no answer within 700 ms",
    ],
    [
      "at idleMs, when it stalls",
      { text: ["half", " more"], stallAfter: 1, delayMs: 5_000 },
      false,
      "auto",
      undefined,
      15_000,
      "no part for 10000 ms",
    ],
    [
      "at the idleMs asked for",
      { text: ["half", " more"], stallAfter: 2 },
      false,
      "auto",
      { idleMs: 50 },
      50,
      "no part for 50 ms",
    ],
  ])("%s", async (_, step, silentReasoning, transport, timeouts, atMs, message) => {
    const dead = mockProvider({ id: "a", name: "Alpha", steps: [step], capabilities: { silentReasoning } });
    const bed = testBed({ a: dead, b: { text: "alive" } });
    const { value, atMs: endedAt } = await bed.ending(bed.llm.generateText({ ...ask, transport, timeouts }));
    expect(value).toMatchObject({ text: "alive", provider: "b" });
    expect(endedAt).toBe(atMs);
    expect(value?.attempts[0]).toMatchObject({
      durationMs: atMs,
      error: { code: "timeout", message: `Alpha: ${message}` },
    });
  });
});

describe("without another link that is ready the first part may take what is left of attemptMs and of the call", () => {
  const slow: MockStep = { text: "late", delayMs: 12_000 };
  const down: MockStep = { error: failure("server") };

  it.each<[string, number, "auto" | "json"]>([
    ["after 12 s", 12_000, "auto"],
    ["after 59 s", 59_000, "auto"],
    ["after 59 s, by JSON", 59_000, "json"],
  ])("the only link: %s", async (_, delayMs, transport) => {
    const bed = testBed({ a: { text: "late", delayMs } });
    const { value, atMs } = await bed.ending(bed.llm.generateText({ ...ask, transport }));
    expect([value?.text, atMs, bed.called]).toEqual(["late", delayMs, ["a"]]);
  });

  it.each<[string, Timeouts, number, string]>([
    ["attemptMs", {}, 60_000, "timeout"],
    ["its own attemptMs", { attemptMs: 20_000 }, 20_000, "timeout"],
    ["firstTokenMs, where that is longer", { firstTokenMs: 90_000 }, 90_000, "timeout"],
    ["the call's time", { totalMs: 30_000 }, 30_000, "deadline"],
    ["the call's time, without attemptMs", { attemptMs: null }, 300_000, "deadline"],
  ])("a dead one ends it at %s", async (_, timeouts, endsAtMs, code) => {
    const bed = testBed({ a: { hang: true } });
    const { error, atMs } = await bed.ending(bed.llm.generateText({ ...ask, timeouts }));
    expect([error?.code, atMs]).toEqual([code, endsAtMs]);
    if (code === "timeout") expect(error?.message).toBe(`a: no first part within ${endsAtMs} ms`);
  });

  it("the last of two silent ones", async () => {
    const bed = testBed({ a: { hang: true }, b: slow });
    const { value, atMs } = await bed.ending(bed.llm.generateText(ask));
    expect([value?.provider, atMs]).toEqual(["b", 22_000]);
  });

  it("a slow one whose neighbours have open circuits", async () => {
    const breaker = { consecutiveFailures: 1, coolDownMs: 60_000, maxCoolDownMs: 60_000 };
    const bed = testBed({ a: slow, b: down }, { breaker });
    await bed.error(bed.llm.generateText({ ...ask, provider: "b", maxRetries: 0 }));
    expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("a");
  });

  it("is left when another one is ready again", async () => {
    const breaker = { consecutiveFailures: 1, coolDownMs: 15_000, maxCoolDownMs: 15_000 };
    const bed = testBed({ a: [{}, { hang: true }], b: [down, { text: "back" }] }, { breaker });
    await bed.error(bed.llm.generateText({ ...ask, provider: "b", maxRetries: 0 }));
    await bed.value(bed.llm.generateText(ask));
    const { value, atMs } = await bed.ending(bed.llm.generateText(ask));
    expect([value?.text, atMs]).toEqual(["back", 20_000]);
  });
});

describe("limits that merge one by one", () => {
  it("take the call's field where it gives one, else the client's, else the default", async () => {
    const timeouts = { firstTokenMs: 2_000, idleMs: 3_000 };
    const bed = testBed({ a: [{ hang: true }, { text: ["x", "y"], stallAfter: 1 }], b: {} }, { timeouts });
    const first = await bed.ending(bed.llm.generateText({ ...ask, timeouts: { idleMs: 1_000 } }));
    expect(first.atMs).toBe(2_000);
    const from = bed.clock.monotonic();
    const second = await bed.ending(bed.llm.generateText({ ...ask, timeouts: { firstTokenMs: undefined } }));
    expect(second.atMs - from).toBe(3_000);
  });

  it("are none where they are null", async () => {
    const bed = testBed({ a: { text: ["late", "r"], delayMs: 3_600_000, gapMs: 3_600_000 }, b: {} });
    const timeouts = { firstTokenMs: null, idleMs: null, attemptMs: null, totalMs: null };
    const call = bed.llm.generateText({ ...ask, timeouts });
    await bed.clock.advance(7_200_000);
    expect((await call).text).toBe("later");
    const json = bed.llm.generateText({ ...ask, timeouts, transport: "json" });
    await bed.clock.advance(7_200_000);
    expect((await json).text).toBe("later");
    expect(bed.called).toEqual(["a", "a"]);
  });

  it.each<[string, Timeouts, "auto" | "json"]>([
    ["first part", { firstTokenMs: 1e12, totalMs: null }, "auto"],
    ["attempt", { attemptMs: 1e12, totalMs: null }, "json"],
    ["idle", { idleMs: 1e12, totalMs: null }, "auto"],
    ["total", { firstTokenMs: null, idleMs: null, attemptMs: null, totalMs: 1e12 }, "auto"],
    ["total, JSON", { firstTokenMs: null, idleMs: null, attemptMs: null, totalMs: 1e12 }, "json"],
  ])("may be longer than a timer can be: %s", async (_, timeouts, transport) => {
    const bed = testBed({ a: { text: ["x", "y"], delayMs: 9_000, gapMs: 9_000 }, b: {} });
    let timers = 0;
    const { setTimeout } = bed.clock;
    Object.assign(bed.clock, {
      setTimeout(callback: () => void, delayMs: number) {
        timers += 1;
        return setTimeout(callback, delayMs);
      },
    });
    expect((await bed.value(bed.llm.generateText({ ...ask, timeouts, transport }))).provider).toBe("a");
    expect(timers).toBeLessThan(10);
  });
});

describe("the first part", () => {
  const trickle = (part: StreamPart, gapMs: number): Provider => ({
    ...mockProvider({ id: "a" }),
    async *stream(_, { clock, signal }) {
      yield { type: "text", text: "x" };
      while (!signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = clock.setTimeout(resolve, gapMs);
          signal.addEventListener(
            "abort",
            () => {
              clock.clearTimeout(timer);
              resolve();
            },
            { once: true },
          );
        });
        yield part;
      }
    },
  });

  it("is not a count of tokens", async () => {
    const usage = {
      inputTokens: 1,
      outputTokens: 1,
      cachedInputTokens: null,
      cacheWriteInputTokens: null,
      longCacheWriteInputTokens: null,
      reasoningTokens: null,
    };
    const bed = testBed({ a: trickle({ type: "usage", usage }, 900), b: { text: "alive" } });
    const { value, atMs } = await bed.ending(bed.llm.generateText({ ...ask, timeouts: { idleMs: 1_000 } }));
    expect(value?.text).toBe("alive");
    expect(atMs).toBe(1_000);
  });

  it("is a piece of text", async () => {
    const bed = testBed({ a: trickle({ type: "text", text: "x" }, 900) });
    const timeouts = { idleMs: 1_000, totalMs: 20_000 };
    expect((await bed.ending(bed.llm.generateText({ ...ask, timeouts }))).error?.code).toBe("deadline");
  });
});

describe("bytes that form no part", () => {
  /** Gives these parts, and says every so often that bytes have come while the next one is waited for. */
  function pinging(parts: readonly StreamPart[], everyMs: number, partAfterMs: number): Provider {
    return {
      ...mockProvider({ id: "a", name: "Alpha" }),
      async *stream(_, { clock, signal, onBytes }) {
        for (const part of parts) {
          for (let waited = 0; waited < partAfterMs && !signal.aborted; waited += everyMs) {
            await new Promise<void>((resolve) => {
              const timer = clock.setTimeout(resolve, everyMs);
              signal.addEventListener("abort", () => resolve(clock.clearTimeout(timer)), { once: true });
            });
            onBytes?.();
          }
          if (signal.aborted) return;
          onBytes?.();
          yield part;
        }
      },
    };
  }
  const text: StreamPart = { type: "text", text: "x" };
  const finish: StreamPart = {
    type: "finish",
    finishReason: "stop",
    rawFinishReason: "stop",
    responseId: null,
    responseModel: null,
  };

  it.each([13_000, 58_000])("prove life between parts: %i ms of them", async (ms) => {
    const bed = testBed({ a: pinging([text, text, finish], 1_000, ms), b: {} }, { timeouts: { firstTokenMs: null } });
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({ text: "xx", provider: "a" });
  });

  it.each<[string, number, Timeouts, number]>([
    ["no longer than 60 s", 1_000, {}, 60_000],
    ["no longer than idleMs, where that is more", 1_000, { idleMs: 80_000 }, 80_000],
    ["for idleMs", 400_000, { idleMs: 3_000 }, 3_000],
  ])("%s", async (_, everyMs, timeouts, afterMs) => {
    const silent = pinging([text], everyMs, 500_000);
    const a: Provider = {
      ...silent,
      async *stream(request, context) {
        yield text;
        yield* silent.stream(request, context);
      },
    };
    const bed = testBed({ a, b: { text: "alive" } }, { timeouts });
    const { value, atMs } = await bed.ending(bed.llm.generateText(ask));
    expect([value?.text, atMs]).toEqual(["alive", afterMs]);
    expect(value?.attempts[0]?.error).toMatchObject({ code: "timeout", message: `Alpha: no part for ${afterMs} ms` });
  });

  it("do not put off moving on: firstTokenMs is for the first part", async () => {
    const bed = testBed({ a: pinging([text, finish], 1_000, 30_000), b: { text: "quick" } });
    const { value, atMs } = await bed.ending(bed.llm.generateText(ask));
    expect([value?.text, atMs]).toEqual(["quick", 10_000]);
  });
});

describe("the pause between parts", () => {
  it("is not counted while the reader of a stream does something else", async () => {
    const bed = testBed({ a: { text: ["one", "two", "three"], gapMs: 4_000 } });
    const iterator = bed.llm.streamText({ ...ask, timeouts: { idleMs: 5_000 } })[Symbol.asyncIterator]();
    expect(await iterator.next()).toMatchObject({ value: { type: "text", text: "one" } });
    await bed.clock.advance(60_000);
    expect(await bed.value(iterator.next())).toMatchObject({ value: { type: "text", text: "two" } });
    await bed.clock.advance(60_000);
    expect(await bed.value(iterator.next())).toMatchObject({ value: { type: "text", text: "three" } });
    await bed.clock.advance(60_000);
    expect(await bed.value(iterator.next())).toMatchObject({ value: { type: "attempt" } });
    expect(await bed.value(iterator.next())).toMatchObject({ value: { type: "finish" } });
  });

  it("is counted anew when the reader comes back", async () => {
    const bed = testBed({ a: { text: ["one", "two"], stallAfter: 1 } });
    const iterator = bed.llm.streamText({ ...ask, timeouts: { idleMs: 5_000 } })[Symbol.asyncIterator]();
    await iterator.next();
    await bed.clock.advance(60_000);
    const from = bed.clock.monotonic();
    const attempt = await bed.ending(iterator.next());
    expect(attempt.value).toMatchObject({ value: { type: "attempt", attempt: { error: { code: "timeout" } } } });
    expect(attempt.atMs - from).toBe(5_000);
    expect((await bed.error(iterator.next())).code).toBe("interrupted");
  });
});

describe("the time of a call", () => {
  const late: MockStep = { text: "just in time", delayMs: 1_900 };
  const hang: MockStep = { hang: true };

  it("is split so that silent links leave time for the last one", async () => {
    const bed = testBed({ a: hang, b: hang, c: hang, d: late });
    const { value, atMs } = await bed.ending(bed.llm.generateText({ ...ask, timeouts: { totalMs: 8_000 } }));
    expect(value).toMatchObject({ text: "just in time", provider: "d" });
    expect(["a", "b", "c", "d"].map((id) => bed.provider(id).calls[0]?.startedMs)).toEqual([0, 2_000, 4_000, 6_000]);
    expect(atMs).toBe(7_900);
  });

  it("is split without streaming, too", async () => {
    const bed = testBed({ a: hang, b: hang, c: hang, d: late });
    const options = { ...ask, timeouts: { totalMs: 8_000 }, transport: "json" } as const;
    expect((await bed.value(bed.llm.generateText(options))).provider).toBe("d");
  });

  it("is split for silent models, too", async () => {
    const bed = testBed({
      a: silent("a", [hang]),
      b: silent("b", [hang]),
      c: silent("c", [hang]),
      d: silent("d", [late]),
    });
    expect((await bed.value(bed.llm.generateText({ ...ask, timeouts: { totalMs: 8_000 } }))).provider).toBe("d");
  });

  it("is looked at when a timer is late: a call that is over goes on to no other link", async () => {
    const bed = testBed({ a: hang, b: {} });
    const call = bed.watch(bed.llm.generateText({ ...ask, timeouts: { totalMs: 1_500 } }));
    const { monotonic } = bed.clock;
    Object.assign(bed.clock, { monotonic: () => monotonic() + 2_000 });
    const { error } = await bed.ending(call);
    expect([error?.code, bed.called]).toEqual(["deadline", ["a"]]);
  });

  it("goes to the others when a link failed fast", async () => {
    const bed = testBed({ a: hang, b: { ...late, delayMs: 3_900 } });
    const { value } = await bed.ending(bed.llm.generateText({ ...ask, timeouts: { totalMs: 8_000 } }));
    expect(value?.provider).toBe("b");
  });

  it("ends with deadline when all are silent", async () => {
    const bed = testBed({ a: hang, b: hang, c: hang, d: hang });
    const { error, atMs } = await bed.ending(bed.llm.generateText({ ...ask, timeouts: { totalMs: 8_000 } }));
    expect(error).toMatchObject({ code: "deadline", message: "the call exceeded its time limit of 8000 ms" });
    expect(error?.attempts.map((attempt) => attempt.error?.code)).toEqual([
      "timeout",
      "timeout",
      "timeout",
      "deadline",
    ]);
    expect(atMs).toBe(8_000);
  });

  it.each<[string, (now: number) => object, number]>([
    ["totalMs", () => ({ timeouts: { totalMs: 500 } }), 500],
    ["a deadline in epoch milliseconds", (now) => ({ deadline: now + 500 }), 500],
    ["a deadline as a Date", (now) => ({ deadline: new Date(now + 500) }), 500],
    ["the deadline, when it is before totalMs", (now) => ({ deadline: now + 500, timeouts: { totalMs: 900 } }), 500],
    ["totalMs, when it is before the deadline", (now) => ({ deadline: now + 900, timeouts: { totalMs: 500 } }), 500],
    ["a deadline without totalMs", (now) => ({ deadline: now + 500, timeouts: { totalMs: null } }), 500],
    ["300 s, when nobody says anything", () => ({ timeouts: { firstTokenMs: null } }), 300_000],
  ])("is %s", async (_, options, atMs) => {
    const bed = testBed({ a: hang });
    const ending = await bed.ending(bed.llm.generateText({ ...ask, ...options(bed.clock.now()) }));
    expect(ending.error?.code).toBe("deadline");
    expect(ending.atMs).toBe(atMs);
    expect(bed.provider("a").calls[0]?.context.limitMs).toBe(atMs);
  });

  it.each<[string, (now: number) => object]>([
    ["a deadline in the past", (now) => ({ deadline: now - 1 })],
    ["a Date in the past", (now) => ({ deadline: new Date(now - 10_000) })],
    ["a deadline that is now", (now) => ({ deadline: now })],
    ["no time at all", () => ({ timeouts: { totalMs: 0 } })],
  ])("may be over before it begins: %s calls nobody", async (_, options) => {
    const bed = testBed({ a: {} });
    const { error, atMs } = await bed.ending(bed.llm.generateText({ ...ask, ...options(bed.clock.now()) }));
    expect(error?.code).toBe("deadline");
    expect(atMs).toBe(0);
    expect(bed.called).toEqual([]);
    expect(bed.records).toMatchObject([{ outcome: "failed", error: { code: "deadline" }, attempts: [] }]);
    const stream = await collect(bed.llm.streamText({ ...ask, ...options(bed.clock.now()) }));
    expect(stream.error?.code).toBe("deadline");
    expect(bed.called).toEqual([]);
  });
});

describe("the deadline beats a provider that", () => {
  const parts =
    (iterator: Partial<AsyncIterator<StreamPart>>): Provider["stream"] =>
    () => ({
      [Symbol.asyncIterator]: () => ({ next: () => never, ...iterator }),
    });
  let sent = 0;
  const deaf: readonly [string, Partial<Provider>, "auto" | "json"][] = [
    ["hangs in generate and ignores its signal", { generate: () => never }, "json"],
    ["hangs in next and ignores its signal", { stream: parts({}) }, "auto"],
    ["hangs in return", { stream: parts({ return: () => never }) }, "auto"],
    ["throws in return", { stream: parts({ return: () => Promise.reject(new Error("no")) }) }, "auto"],
    [
      "hangs after its first part",
      {
        stream: parts({ next: () => (sent++ === 0 ? Promise.resolve({ value: { type: "text", text: "x" } }) : never) }),
      },
      "auto",
    ],
    [
      "answers with reasoning for ever",
      {
        async *stream(_, { clock }) {
          for (;;) {
            yield { type: "reasoning", text: "hm" };
            await new Promise<void>((resolve) => void clock.setTimeout(resolve, 400));
          }
        },
      },
      "auto",
    ],
  ];
  it.each(deaf)("%s", async (_, own, transport) => {
    const bed = testBed({ a: { ...mockProvider({ id: "a" }), ...own } }, { leaks: true });
    const { signal } = bed.controller;
    const timeouts = { firstTokenMs: null, idleMs: null, attemptMs: null, totalMs: 1_000 };
    const call = bed.llm.generateText({ ...ask, timeouts, transport, abortSignal: signal });
    const { error, atMs } = await bed.ending(call);
    expect(error?.code).toBe("deadline");
    expect(atMs).toBe(1_000);
    expect(listenersOf(signal)).toBe(0);
  });

  it.each(deaf)("%s, on an abort", async (_, own, transport) => {
    const bed = testBed({ a: { ...mockProvider({ id: "a" }), ...own } }, { leaks: true });
    const { signal } = bed.controller;
    const timeouts = { firstTokenMs: null, idleMs: null, attemptMs: null };
    const call = bed.watch(bed.llm.generateText({ ...ask, timeouts, transport, abortSignal: signal }));
    await bed.clock.advance(123);
    bed.controller.abort();
    const { error, atMs } = await bed.ending(call);
    expect(error?.code).toBe("aborted");
    expect(atMs).toBe(123);
  });

  it.each(deaf.slice(0, 2))("%s, and the first-part limit moves on", async (_, own, transport) => {
    const bed = testBed({ a: { ...mockProvider({ id: "a" }), ...own }, b: { text: "alive" } }, { leaks: true });
    const timeouts = { firstTokenMs: 70, attemptMs: 70 };
    const { value, atMs } = await bed.ending(bed.llm.generateText({ ...ask, timeouts, transport }));
    expect(value?.text).toBe("alive");
    expect(atMs).toBe(70);
  });
});

describe("when a call has ended, all its resources are released", () => {
  const outcomes: readonly [string, MockStep, MockStep, Timeouts][] = [
    ["success", { text: ["a", "b"], delayMs: 10, gapMs: 10 }, {}, {}],
    ["fallback", { hang: true }, { delayMs: 10 }, { firstTokenMs: 50 }],
    ["stall", { text: ["a", "b"], stallAfter: 1 }, { delayMs: 10 }, { idleMs: 50 }],
    ["deadline", { hang: true }, { hang: true }, { totalMs: 50 }],
  ];
  it.each(outcomes)(
    "after %s: 200 calls with one signal put one listener on it and leave none, and no timer",
    async (_, a, b, timeouts) => {
      const bed = testBed(
        { a, b },
        {
          maxConcurrency: Number.POSITIVE_INFINITY,
          breaker: { consecutiveFailures: 1_000, failureRate: 1, minimumCalls: 10_000 },
        },
      );
      const { signal } = bed.controller;
      const calls = Array.from({ length: 200 }, () =>
        bed.llm.generateText({ ...ask, abortSignal: signal, timeouts }).then(
          () => "served",
          () => "failed",
        ),
      );
      await bed.clock.advance(1);
      expect(listenersOf(signal)).toBe(1);
      const { timersLeft } = await bed.ending(Promise.all(calls));
      expect(timersLeft).toBe(0);
      expect(listenersOf(signal)).toBe(0);
    },
  );

  it("after an abort of all 200, at once", async () => {
    const bed = testBed({ a: { hang: true } }, { maxConcurrency: 50 });
    const { signal } = bed.controller;
    const calls = Array.from({ length: 200 }, () => bed.watch(bed.llm.generateText({ ...ask, abortSignal: signal })));
    await bed.clock.advance(1);
    expect(bed.provider("a").active).toBe(50);
    bed.controller.abort();
    expect(listenersOf(signal)).toBe(0);
    for (const call of calls) expect((await bed.error(call)).code).toBe("aborted");
    expect(bed.clock.pendingTimers()).toBe(0);
    expect(
      bed.records.map(({ outcome, attempts }) => [outcome, attempts.length]).filter(([, n]) => n === 1),
    ).toHaveLength(50);
  });
});

describe("an answer reported as complete is delivered at the deadline", () => {
  const finish: StreamPart = {
    type: "finish",
    finishReason: "stop",
    rawFinishReason: "stop",
    responseId: null,
    responseModel: null,
  };
  /** Says that its answer is whole, and gives the end of it when its connection is cut off. */
  const lingering = (whole: boolean, gives: boolean): Provider => ({
    ...mockProvider({ id: "a" }),
    async *stream(_, { signal, report }) {
      yield { type: "text", text: "whole" };
      report?.({ whole: true });
      if (!whole) report?.({ whole: false });
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      if (!gives) await never;
      yield finish;
    },
  });
  const limits: Readonly<Record<string, Timeouts>> = { silence: { idleMs: 2_000 }, "the call": { totalMs: 2_000 } };

  it.each(Object.entries(limits))("at the limit of %s it is given", async (_, timeouts) => {
    const bed = testBed({ a: lingering(true, true), b: {} });
    const { value, atMs, timersLeft } = await bed.ending(bed.llm.generateText({ ...ask, timeouts }));
    expect(value).toMatchObject({ text: "whole", provider: "a", attempts: [{ outcome: "success" }] });
    expect(atMs).toBeLessThanOrEqual(2_050);
    expect(timersLeft).toBe(0);
  });

  it.each(Object.entries(limits))("at the limit of %s a reader has all of it", async (_, timeouts) => {
    const bed = testBed({ a: lingering(true, true), b: {} });
    const { events } = await bed.value(collect(bed.llm.streamText({ ...ask, timeouts })));
    expect(events.map(({ type }) => type)).toEqual(["text", "attempt", "finish"]);
  });

  it.each(Object.entries(limits))("at the limit of %s it is buffered for a slow reader", async (_, timeouts) => {
    const twoTexts: Provider = {
      ...mockProvider({ id: "a" }),
      async *stream(_request, { signal, report }) {
        report?.({ whole: true });
        yield { type: "text", text: "who" };
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        yield { type: "text", text: "le" };
        yield finish;
      },
    };
    const bed = testBed({ a: twoTexts, b: {} });
    const stream = bed.llm.streamText({ ...ask, timeouts });
    const texts: string[] = [];
    async function readSlowly(): Promise<void> {
      for await (const text of stream.textStream) {
        texts.push(text);
        await new Promise((resolve) => bed.clock.setTimeout(() => resolve(null), 5_000));
      }
    }
    const reading = readSlowly();
    await bed.clock.advance(20_000);
    await reading;
    expect(texts.join("")).toBe("whole");
    expect(await stream.result).toMatchObject({ text: "whole", provider: "a" });
  });

  it("but is not asked for again after it", async () => {
    let requests = 0;
    const provider = lingering(true, true);
    const counted: Provider = {
      ...provider,
      stream(request, context) {
        requests += 1;
        return provider.stream(request, context);
      },
    };
    const bed = testBed({ a: counted });
    const schema = z.object({ id: z.number() });
    const { error } = await bed.ending(bed.llm.generateObject({ ...ask, schema, timeouts: { totalMs: 2_000 } }));
    expect(error?.code).toBe("deadline");
    expect(requests).toBe(1);
  });

  it("unless it went on after all", async () => {
    const bed = testBed({ a: lingering(false, true), b: {} });
    const { error } = await bed.ending(bed.llm.generateText({ ...ask, timeouts: { totalMs: 2_000 } }));
    expect(error?.code).toBe("deadline");
  });

  it.each(Object.entries(limits))(
    "and an adapter that does not give it has lost it, at the limit of %s",
    async (_, timeouts) => {
      const bed = testBed({ a: lingering(true, false) }, { leaks: true });
      const { error, atMs } = await bed.ending(bed.llm.generateText({ ...ask, timeouts, maxRetries: 0 }));
      expect(error?.code).toBe(timeouts.totalMs === undefined ? "timeout" : "deadline");
      expect(atMs).toBeLessThanOrEqual(2_050);
    },
  );
});

it("a JSON answer that breaks the contract of adapters is an invalid response", async () => {
  // What an adapter in JavaScript may return.
  const broken = { ...mockProvider({ id: "a" }), generate: async () => JSON.parse("{}") } satisfies Provider;
  const bed = testBed({ a: broken, b: {} });
  const { value } = await bed.ending(bed.llm.generateText({ ...ask, transport: "json" }));
  expect(value).toMatchObject({ provider: "b" });
  expect(value?.attempts[0]).toMatchObject({ provider: "a", error: { code: "invalid_response" } });
});

it("an aborted signal causes no request", async () => {
  const bed = testBed({ a: {} });
  bed.controller.abort("changed my mind");
  const { error, atMs } = await bed.ending(bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal }));
  expect(error).toMatchObject({ code: "aborted", cause: "changed my mind" });
  expect(atMs).toBe(0);
  expect(bed.called).toEqual([]);
  expect(bed.records).toMatchObject([{ outcome: "aborted", attempts: [] }]);
  const stream = await collect(bed.llm.streamText({ ...ask, abortSignal: bed.controller.signal }));
  expect(stream).toMatchObject({ events: [], error: { code: "aborted" } });
  expect(bed.called).toEqual([]);
});
