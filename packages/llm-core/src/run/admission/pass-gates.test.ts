import { type GateStep, type MockStep, mockProvider, type ScriptedGate } from "@babylon/llm-testing";
import { useScriptedGate } from "@babylon/llm-testing/vitest";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { AttemptAsk, AttemptGate, Refusal } from "../../contract/attempt-gate.ts";
import { collect, failure, type TestBed, testBed } from "../../test-support/test-bed.ts";
// Imported lazily by the client: loaded here, because a fake clock cannot wait for a real disk.
import "../../structured/object/generate-object.ts";

const ask = { prompt: "hello" };
const refuse = (why: string, retryAfterMs: number | null = null): Refusal => ({ why, retryAfterMs });
const only =
  (...refused: string[]) =>
  ({ provider }: AttemptAsk): GateStep =>
    refused.includes(provider) ? refuse(`${provider} is spent`) : "permit";

const untouched = { state: "closed", calls: 0, active: 0, queued: 0, limit: 64 };

describe("a refusal by a gate", () => {
  it("causes no request and no attempt: the next link serves; breaker, figures and limiter do not change", async () => {
    const gate = useScriptedGate(only("a"));
    const bed = testBed({ a: {}, b: {} }, { gates: [gate] });
    const result = await bed.value(bed.llm.generateText(ask));
    expect(result).toMatchObject({ provider: "b", attempts: [{ number: 1, kind: "first", provider: "b" }] });
    expect(bed.called).toEqual(["b"]);
    expect(bed.llm.health()[0]).toMatchObject({ provider: "a", ...untouched });
    expect(bed.observer.counts()).toMatchObject({ attemptsBegun: 1 });
    expect(gate.permits).toMatchObject([{ ask: { provider: "b", number: 1 }, settled: [{ number: 1 }] }]);
  });

  it.each<[string, string[], Refusal[], number | null, RegExp]>([
    [
      "the only link",
      ["a"],
      [refuse("the day is spent", 5_000)],
      5_000,
      /^refused before the request: a\/a-model: the day is spent \(again in 5 s\)$/,
    ],
    [
      "each link",
      ["a", "b", "c"],
      [refuse("one", 9_000), refuse("two", 3_000), refuse("three")],
      3_000,
      /^refused before the request: a\/a-model: one \(again in 9 s\); b\/b-model: two .*; c\/c-model: three \(waiting does not help\)$/,
    ],
    ["each link, without a time", ["a", "b"], [refuse("one"), refuse("two")], null, /one.*two/],
  ])("for %s fails the call with `budget`, without a retry", async (_, ids, refusals, retryAfterMs, message) => {
    const gate = useScriptedGate(refusals);
    const bed = testBed(Object.fromEntries(ids.map((id) => [id, {}])), { gates: [gate] });
    const { error, atMs, timersLeft } = await bed.ending(bed.llm.generateText(ask));
    expect(error).toMatchObject({ code: "budget", retryAfterMs, attempts: [], retryable: false });
    expect(error?.message).toMatch(message);
    expect([atMs - bed.clock.monotonic() <= 0, timersLeft]).toEqual([true, 0]);
    expect(gate.asks).toHaveLength(ids.length);
    expect(bed.records).toMatchObject([{ outcome: "failed", error: { code: "budget" }, attempts: [] }]);
  });

  it("with other links that fail: `all_failed` lists both", async () => {
    const bed = testBed({ a: {}, b: { error: failure("auth") } }, { gates: [useScriptedGate(only("a"))] });
    const error = await bed.error(bed.llm.generateText(ask));
    expect(error).toMatchObject({ code: "all_failed", errors: [{ code: "budget" }, { code: "auth" }] });
    expect(error.message).toMatch(/auth.*a\/a-model: budget \(a is spent\)/);
  });

  it("releases the probe: the next call may probe the link", async () => {
    const steps: MockStep[] = [...Array<MockStep>(5).fill({ error: failure("server") }), {}];
    const gate = useScriptedGate([...Array<GateStep>(5).fill("permit"), refuse("wait"), "permit"]);
    const bed = testBed({ a: steps }, { gates: [gate], retry: { maxRetries: 0 } });
    for (let made = 0; made < 5; made += 1) await bed.error(bed.llm.generateText(ask));
    await bed.clock.advance(10_000);
    expect(await bed.error(bed.llm.generateText(ask))).toMatchObject({ code: "budget" });
    expect(bed.llm.health()).toMatchObject([{ state: "half-open" }]);
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({ provider: "a" });
  });

  it("of a hedge: the first attempt continues alone", async () => {
    const warm = Array<MockStep>(10).fill({ delayMs: 200 });
    const a = mockProvider({ id: "a", steps: [...warm, { text: "late", delayMs: 1_000 }] });
    const bed = testBed({ a, b: {} }, { gates: [useScriptedGate(only("b"))] });
    for (let made = 0; made < 10; made += 1) await bed.value(bed.llm.generateText(ask));
    const result = await bed.value(bed.llm.generateText({ ...ask, hedge: true }));
    expect(result).toMatchObject({ text: "late", attempts: [{ number: 1, provider: "a" }] });
  });
});

it("is requested after the slot is acquired, for each attempt, with its facts", async () => {
  const gate = useScriptedGate();
  const bed = testBed(
    { a: [{ error: failure("server"), delayMs: 50 }, { delayMs: 100 }] },
    { gates: [gate], maxConcurrency: 1 },
  );
  const tagged = { agent: "npc", purpose: "chat", tenant: "t1", callId: "c", maxOutputTokens: 50 };
  const first = bed.llm.generateText({ prompt: "é€😀", ...tagged });
  const second = bed.llm.generateText(ask);
  await bed.clock.advance(10);
  expect(gate.asks).toHaveLength(1);
  await bed.value(Promise.all([first, second]));
  const messages = [{ role: "user", content: "é€😀" }];
  expect(gate.asks).toMatchObject([
    {
      callId: "c",
      number: 1,
      kind: "first",
      provider: "a",
      model: "a-model",
      agent: "npc",
      purpose: "chat",
      tenant: "t1",
      maxOutputTokens: 50,
      requestBytes: Buffer.byteLength(JSON.stringify({ messages })),
    },
    { number: 1, agent: null, purpose: null, tenant: null, maxOutputTokens: null },
    { callId: "c", number: 2 },
  ]);
});

describe("a gate is ignored if it", () => {
  const boom = (): never => {
    throw new TypeError("a secret");
  };
  // Invalid types, which plain JavaScript permits.
  const wrong = (value: unknown) => value as never;
  it.each<[string, AttemptGate["admit"]]>([
    ["throws", boom],
    ["rejects", async () => boom()],
    ["returns nothing", () => wrong(undefined)],
    ["returns something else", () => wrong({ ok: true })],
    ["resolves to something else", async () => wrong(null)],
    ["gives a permit that throws", () => ({ settle: boom })],
    ["gives a permit that fails later", () => ({ settle: async () => boom() })],
  ])("%s", async (_, admit) => {
    const bed = testBed({ a: {} }, { gates: [{ admit }, useScriptedGate()] });
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({ provider: "a", attempts: [{ number: 1 }] });
    expect(JSON.stringify(bed.logs)).not.toContain("secret");
  });
});

/** A gate that resolves when the test resolves it. */
function slowGate(): { step: GateStep; answer: (given: "permit" | Refusal) => void; asks: AttemptAsk[] } {
  const { promise, resolve } = Promise.withResolvers<"permit" | Refusal>();
  const asks: AttemptAsk[] = [];
  return {
    asks,
    answer: resolve,
    step: (each) => {
      asks.push(each);
      return promise;
    },
  };
}

describe("an asynchronous gate is awaited, but not longer than the call:", () => {
  async function interrupted(bed: TestBed, end: () => Promise<void>, totalMs: number | null): Promise<unknown> {
    const made = bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal, timeouts: { totalMs } });
    bed.watch(made).catch(() => {});
    await bed.clock.advance(10);
    await end();
    return (await bed.ending(made, 0)).error?.code;
  }

  it.each<[string, string, number | null]>([
    ["aborted", "aborted", null],
    ["the deadline passes", "deadline", 50],
  ])("%s before the gate resolves", async (_, code, totalMs) => {
    const { step, answer, asks } = slowGate();
    const first = useScriptedGate();
    const slow = useScriptedGate([step]);
    const bed = testBed({ a: {} }, { gates: [first, slow] });
    const end = async () => (code === "aborted" ? bed.controller.abort() : bed.clock.advance(50));
    expect(await interrupted(bed, end, totalMs)).toBe(code);
    expect(bed.called).toEqual([]);
    expect(asks[0]?.signal.aborted).toBe(true);
    expect(first.permits).toMatchObject([{ settled: [{ number: 1, durationMs: 0, sent: false }] }]);
    expect(bed.llm.health()).toMatchObject([untouched]);
    // A permit that arrives too late is also settled.
    answer("permit");
    await bed.clock.advance(0);
    expect(slow.permits).toMatchObject([{ settled: [{ number: 1, error: { code } }] }]);
    expect(bed.records).toMatchObject([{ attempts: [] }]);
  });

  it("the attempt loses to a hedge before the gate resolves", async () => {
    const { step, answer } = slowGate();
    const warm = Array<MockStep>(10).fill({ delayMs: 200 });
    const gate = useScriptedGate([...Array<GateStep>(10).fill("permit"), step, "permit"]);
    const bed = testBed({ a: [...warm, {}], b: { text: "from b" } }, { gates: [gate] });
    for (let made = 0; made < 10; made += 1) await bed.value(bed.llm.generateText(ask));
    const result = await bed.value(bed.llm.generateText({ ...ask, hedge: true }));
    expect(result).toMatchObject({ text: "from b", attempts: [{ provider: "b" }] });
    answer("permit");
    await bed.clock.advance(0);
    expect(gate.permits.at(-1)).toMatchObject({ ask: { provider: "a" }, settled: [{ outcome: "cancelled" }] });
  });

  it("while it is pending, the attempt keeps its probe and its slot", async () => {
    const { step, answer } = slowGate();
    const bed = testBed({ a: {} }, { gates: [useScriptedGate([step, "permit"])], maxConcurrency: 1 });
    const made = bed.llm.generateText(ask);
    const other = bed.llm.generateText(ask);
    await bed.clock.advance(10);
    expect(bed.llm.health()).toMatchObject([{ active: 1, queued: 1 }]);
    answer("permit");
    await bed.value(Promise.all([made, other]));
    expect(bed.called).toHaveLength(2);
  });
});

describe("each permit is settled once, with the recorded attempt:", () => {
  it.each<[string, MockStep[], (bed: TestBed) => Promise<unknown>]>([
    ["of an answer", [{}], (bed) => bed.value(bed.llm.generateText(ask))],
    ["of failures", [{ error: failure("server") }], (bed) => bed.error(bed.llm.generateText(ask))],
    ["of a stream", [{ text: ["a", "b"] }], (bed) => bed.value(collect(bed.llm.streamText(ask)))],
    [
      "of a stream that is left",
      [{ text: ["a", "b"] }],
      async (bed) => {
        for await (const _ of bed.llm.streamText(ask)) break;
      },
    ],
    [
      "of an object",
      [{ text: "{}" }, { text: '{"name":"x"}' }],
      (bed) => {
        const schema = z.object({ name: z.string() });
        return bed.value(bed.llm.generateObject({ ...ask, schema }));
      },
    ],
  ])("%s", async (_, steps, make) => {
    const gates: ScriptedGate[] = [useScriptedGate(), useScriptedGate([() => Promise.resolve("permit")])];
    const bed = testBed({ a: steps }, { gates });
    await make(bed);
    const attempts = bed.records.flatMap((record) => record.attempts);
    expect(attempts.length).toBeGreaterThan(0);
    for (const gate of gates) expect(gate.permits.map(({ settled }) => settled[0])).toEqual(attempts);
  });

  it("also if a later gate refuses: the attempt was not made", async () => {
    const first = useScriptedGate();
    const bed = testBed({ a: {} }, { gates: [first, useScriptedGate([refuse("spent")])] });
    await bed.error(bed.llm.generateText(ask));
    expect(first.permits).toMatchObject([{ settled: [{ outcome: "failed", error: { code: "budget" } }] }]);
  });
});

describe("plan() shows links that a gate would refuse", () => {
  it("among the skipped providers, without a request", async () => {
    const gate = useScriptedGate(only("a"));
    const bed = testBed({ a: {}, b: {} }, { gates: [gate] });
    for (const plan of [await bed.llm.plan(ask), bed.llm.peekPlan()]) {
      expect(plan.links).toMatchObject([{ provider: "b" }]);
      expect(plan.skipped).toEqual([{ provider: "a", reason: "refused: a is spent" }]);
      expect(plan.providers).toMatchObject([{ provider: "a", skipped: "refused: a is spent" }, { provider: "b" }]);
    }
    expect([gate.asks, bed.called]).toEqual([[], []]);
  });

  it("unless it throws", async () => {
    const peek = () => {
      throw new TypeError("no");
    };
    const bed = testBed({ a: {} }, { gates: [{ admit: () => ({ settle() {} }), peek }] });
    expect((await bed.llm.plan(ask)).links).toHaveLength(1);
  });
});
