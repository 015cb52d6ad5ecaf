import { type MockProvider, type MockStep, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "../contract/call-options.ts";
import type { StreamPart } from "../contract/model-answer.ts";
import type { Provider } from "../contract/provider.ts";
import { collect, failure, listenersOf, type TestBed, testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const hedged = { ...ask, hedge: true };
const usual: MockStep = { text: "usual", delayMs: 200 };
const WARM_UP = 10;

/** A provider that answers ten calls in its usual time and then uses the given step. */
const after = (id: string, ...steps: MockStep[]): MockProvider =>
  mockProvider({ id, steps: [...Array<MockStep>(WARM_UP).fill(usual), ...steps] });

/** A provider that answers ten calls in its usual time and then with these parts. */
function afterWarmUp(id: string, parts: () => AsyncIterable<StreamPart>): Provider {
  const mock = after(id);
  const stream: Provider["stream"] = (request, context) =>
    mock.calls.length < WARM_UP ? mock.stream(request, context) : parts();
  return Object.create(mock, { stream: { value: stream } });
}

/** A test bed with statistics: the first link answers in 200 ms. */
async function warm(
  a: readonly MockStep[],
  others: Parameters<typeof testBed>[0],
  options: Parameters<typeof testBed>[1] = {},
) {
  const bed = testBed({ a: after("a", ...a), ...others }, options);
  for (let call = 0; call < WARM_UP; call += 1) await bed.value(bed.llm.generateText(ask));
  return bed;
}
async function race(bed: TestBed, options: CallOptions = hedged) {
  const from = bed.clock.monotonic();
  const before = bed.called.length;
  const { value, error, atMs, timersLeft } = await bed.ending(bed.llm.generateText(options));
  expect(timersLeft).toBe(0);
  return { value, error, tookMs: atMs - from, called: bed.called.slice(before) };
}
const outcomes = (attempts: readonly { provider: string; outcome: string }[] | undefined) =>
  attempts?.map(({ provider, outcome }) => [provider, outcome]);

describe("a link that is slower than usual", () => {
  it("is hedged with the next link, and the first answer wins", async () => {
    const bed = await warm([{ hang: true }], { b: { text: "from b", delayMs: 50 } });
    const { value, tookMs } = await race(bed);
    expect(value).toMatchObject({ text: "from b", provider: "b" });
    expect(tookMs).toBe(250);
    expect(value?.attempts).toMatchObject([
      {
        number: 1,
        provider: "a",
        outcome: "cancelled",
        durationMs: 250,
        error: { code: "aborted", message: "another link answered first" },
      },
      { number: 2, provider: "b", outcome: "success", durationMs: 50 },
    ]);
    expect(value?.totalUsage.inputTokens).toBeNull();
    expect(bed.llm.health()).toMatchObject([
      { provider: "a", state: "closed", calls: WARM_UP, active: 0 },
      { provider: "b", calls: 1 },
    ]);
  });

  it("may still answer first: then the hedge is canceled", async () => {
    const bed = await warm([{ text: "late", delayMs: 300 }], { b: { hang: true } });
    const { value, tookMs } = await race(bed);
    expect(value).toMatchObject({ text: "late", provider: "a" });
    expect(tookMs).toBe(300);
    expect(outcomes(value?.attempts)).toEqual([
      ["a", "success"],
      ["b", "cancelled"],
    ]);
  });

  it("wins with its first text, whatever the time for the rest", async () => {
    const bed = await warm([{ text: ["slow ", "but ", "sure"], delayMs: 210, gapMs: 1_000 }], {
      b: { text: "b", delayMs: 50 },
    });
    const { value, tookMs } = await race(bed);
    expect(value?.text).toBe("slow but sure");
    expect(tookMs).toBe(2_210);
    expect(bed.provider("b").active).toBe(0);
  });

  it("releases its slot when it has lost", async () => {
    const bed = await warm(
      [{ hang: true }, usual],
      { b: { text: ["b", "b"], delayMs: 10, gapMs: 5_000 } },
      { maxConcurrency: { a: 1 } },
    );
    const first = bed.watch(bed.llm.generateText(hedged));
    await bed.clock.advance(300);
    const second = await bed.value(bed.llm.generateText(ask));
    expect(second).toMatchObject({ provider: "a", durationMs: 200 });
    await bed.value(first);
  });
});

describe("there is no hedge", () => {
  it.each<[string, CallOptions]>([
    ["by default", ask],
    ["when it is off", { ...ask, hedge: false }],
  ])("%s", async (_, options) => {
    const bed = await warm([{ text: "late", delayMs: 5_000 }], { b: {} });
    expect((await race(bed, options)).called).toEqual(["a"]);
  });

  it("if it is disabled for the call and enabled for the client", async () => {
    const bed = await warm([{ text: "late", delayMs: 5_000 }, { hang: true }], { b: {} }, { hedge: { minDelayMs: 0 } });
    expect((await race(bed, { ...ask, hedge: false })).called).toEqual(["a"]);
    expect((await race(bed, ask)).called).toEqual(["a", "b"]);
  });

  it("if the link is as fast as usual", async () => {
    const bed = await warm([{ ...usual, delayMs: 199 }], { b: {} });
    expect((await race(bed)).called).toEqual(["a"]);
  });

  it("if the link emits reasoning", async () => {
    const bed = await warm([{ reasoning: ["hm", "hm"], text: "so", delayMs: 150, gapMs: 3_000 }], { b: {} });
    const { value, called } = await race(bed);
    expect(value?.text).toBe("so");
    expect(called).toEqual(["a"]);
  });

  it("without enough statistics of the link", async () => {
    const bed = testBed({ a: { text: "late", delayMs: 5_000 }, b: {} });
    for (let call = 0; call < WARM_UP; call += 1) expect((await race(bed)).called).toEqual(["a"]);
  });

  it("before the configured minimum delay", async () => {
    const bed = await warm(
      [
        { text: "late", delayMs: 900 },
        { text: "later", delayMs: 1_100 },
      ],
      { b: { text: "b", delayMs: 50 } },
    );
    const options = { ...ask, hedge: { minDelayMs: 1_000 } };
    expect((await race(bed, options)).called).toEqual(["a"]);
    expect(await race(bed, options)).toMatchObject({ tookMs: 1_050, value: { text: "b" } });
  });

  it("without a second link", async () => {
    const bed = await warm([{ text: "late", delayMs: 5_000 }], {});
    expect((await race(bed)).called).toEqual(["a"]);
  });

  it("if the circuit of the next link is open", async () => {
    const bed = await warm([{ text: "late", delayMs: 5_000 }], { b: { error: failure("auth") } });
    await race(bed, { ...ask, provider: "b" });
    expect((await race(bed)).called).toEqual(["a"]);
  });

  it("if the next link has no free slot, because hedges are not queued", async () => {
    const bed = await warm(
      [{ text: "late", delayMs: 5_000 }],
      { b: { text: "busy", delayMs: 9_000 } },
      { maxConcurrency: { b: 1 } },
    );
    const busy = bed.watch(bed.llm.generateText({ ...ask, provider: "b" }));
    await bed.clock.advance(1);
    expect((await bed.value(bed.llm.generateText(hedged))).attempts).toHaveLength(1);
    expect(bed.llm.health().find(({ provider }) => provider === "b")?.queued).toBe(0);
    await bed.value(busy);
  });
});

describe("when one of the two fails", () => {
  it("the first continues without the second", async () => {
    const bed = await warm([{ text: "late", delayMs: 400 }], { b: { error: failure("auth") } });
    const { value, tookMs } = await race(bed);
    expect(value).toMatchObject({ text: "late", provider: "a" });
    expect(tookMs).toBe(400);
    expect(outcomes(value?.attempts)).toEqual([
      ["a", "success"],
      ["b", "failed"],
    ]);
  });

  it("the second continues without the first", async () => {
    const bed = await warm([{ error: failure("server"), delayMs: 220 }], {
      b: { text: "from b", delayMs: 100 },
      c: {},
    });
    const { value, tookMs, called } = await race(bed);
    expect(value).toMatchObject({ text: "from b", provider: "b" });
    expect(tookMs).toBe(300);
    expect(called).toEqual(["a", "b"]);
    expect(outcomes(value?.attempts)).toEqual([
      ["a", "failed"],
      ["b", "success"],
    ]);
  });

  it("before the hedge has begun, ERROR_POLICY applies", async () => {
    const bed = await warm([{ error: failure("auth"), delayMs: 10 }], { b: { text: "from b" } });
    const { value, tookMs } = await race(bed);
    expect(value?.provider).toBe("b");
    expect(tookMs).toBe(10);
  });

  it("both: the third link serves", async () => {
    const bed = await warm([{ error: failure("auth"), delayMs: 300 }], {
      b: { error: failure("quota"), delayMs: 50 },
      c: { text: "from c" },
    });
    const { value, called } = await race(bed);
    expect(value?.text).toBe("from c");
    expect(called).toEqual(["a", "b", "c"]);
  });

  it("both, and there is no third: all_failed has both errors", async () => {
    const bed = await warm([{ error: failure("auth"), delayMs: 300 }], { b: { error: failure("quota"), delayMs: 50 } });
    const { error } = await race(bed);
    expect(error).toMatchObject({ code: "all_failed", errors: [{ code: "auth" }, { code: "quota" }] });
    expect(error?.attempts).toHaveLength(2);
  });

  it("after it has won, the chain continues after it", async () => {
    const bed = await warm([{ hang: true }], {
      b: { text: ["half", "x"], error: failure("auth"), failAfter: 1 },
      c: { text: "whole" },
    });
    const { value, called } = await race(bed);
    expect(value?.text).toBe("whole");
    expect(called).toEqual(["a", "b", "c"]);
  });
});

describe("while two attempts race", () => {
  it.each<[string, MockStep]>([
    ["hang", { hang: true }],
    ["reason", { reasoning: Array<string>(40).fill("hm"), gapMs: 100, delayMs: 250 }],
  ])("an abort ends both (they %s)", async (_, step) => {
    const bed = await warm([step], { b: step });
    const call = bed.watch(bed.llm.generateText({ ...hedged, abortSignal: bed.controller.signal }));
    await bed.clock.advance(300);
    expect(bed.provider("b").active).toBe(1);
    bed.controller.abort("enough");
    const { error, timersLeft } = await bed.ending(call);
    expect(error).toMatchObject({ code: "aborted", cause: "enough" });
    expect(outcomes(error?.attempts)).toEqual([
      ["a", "aborted"],
      ["b", "aborted"],
    ]);
    expect([timersLeft, listenersOf(bed.controller.signal)]).toEqual([0, 0]);
  });

  it("the deadline ends both", async () => {
    const bed = await warm([{ hang: true }], { b: { hang: true } });
    const { error, tookMs } = await race(bed, { ...hedged, timeouts: { totalMs: 500, firstTokenMs: null } });
    expect(error?.code).toBe("deadline");
    expect(tookMs).toBe(500);
  });

  it("a stream emits only the text of the winner", async () => {
    const bed = await warm([{ reasoning: [], text: ["a1", "a2"], delayMs: 400 }], {
      b: { reasoning: "b thinks", text: ["b1", "b2"], delayMs: 50, gapMs: 10 },
    });
    const stream = bed.llm.streamText(hedged);
    const { events } = await bed.value(collect(stream));
    const texts = events.flatMap((event) => (event.type === "text" ? event.text : []));
    expect(texts).toEqual(["b1", "b2"]);
    expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "b1b2", provider: "b" } });
    expect(events.filter(({ type }) => type === "restart")).toEqual([]);
    expect(outcomes(bed.records.at(-1)?.attempts)).toEqual([
      ["a", "cancelled"],
      ["b", "success"],
    ]);
  });

  it("a slow reader of the loser's reasoning gets the winner's text, and the loser is released", async () => {
    const bed = await warm([{ reasoning: ["a thinks", "more"], text: "a", delayMs: 250, gapMs: 10 }], {
      b: { text: ["b1", "b2"], delayMs: 100 },
    });
    const iterator = bed.llm.streamText(hedged)[Symbol.asyncIterator]();
    expect((await bed.value(iterator.next())).value).toEqual({ type: "reasoning", text: "a thinks" });
    await bed.clock.advance(1_000);
    const seen: unknown[] = [];
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) {
      seen.push(step.value.type === "text" ? step.value.text : step.value);
    }
    expect(seen).toEqual([
      { type: "reasoning-discarded", discardedText: "a thinks", from: { provider: "a", model: "a-model" } },
      "b1",
      "b2",
      expect.objectContaining({ type: "attempt" }),
      expect.objectContaining({ type: "finish", result: expect.objectContaining({ reasoning: null }) }),
    ]);
    expect(bed.clock.pendingTimers()).toBe(0);
  });

  it("the leader's reasoning is discarded when the other wins, including parts that arrive at the same time", async () => {
    for (const firstToCome of ["a", "b"]) {
      const gates = { a: Promise.withResolvers<void>(), b: Promise.withResolvers<void>() };
      const a = afterWarmUp("a", async function* () {
        await gates.a.promise;
        yield { type: "reasoning", text: "r1" };
        await new Promise(() => {});
      });
      const b = afterWarmUp("b", async function* () {
        await gates.b.promise;
        yield { type: "text", text: "b1" };
        yield { type: "text", text: "b2" };
        yield { type: "finish", finishReason: "stop", rawFinishReason: null, responseId: null, responseModel: null };
      });
      const bed = testBed({ a, b });
      for (let call = 0; call < WARM_UP; call += 1) {
        await bed.value(bed.llm.generateText(ask));
        await bed.value(bed.llm.generateText({ ...ask, provider: "b" }));
      }
      const reading = collect(bed.llm.streamText(hedged));
      await bed.clock.advance(300);
      for (const gate of firstToCome === "a" ? [gates.a, gates.b] : [gates.b, gates.a]) gate.resolve();
      const { events } = await bed.value(reading);
      let reasoning = "";
      for (const event of events) {
        if (event.type === "reasoning") reasoning += event.text;
        else if (event.type === "reasoning-discarded") {
          expect(event.discardedText).toBe(reasoning);
          reasoning = "";
        }
      }
      expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "b1b2", reasoning: null } });
      expect(reasoning).toBe("");
    }
  });

  it("closing the stream ends both", async () => {
    const bed = await warm([{ hang: true }], { b: { reasoning: "hm", text: "b", delayMs: 50, gapMs: 1_000 } });
    const iterator = bed.llm.streamText(hedged)[Symbol.asyncIterator]();
    const next = bed.watch(iterator.next());
    await bed.clock.advance(300);
    expect([bed.provider("a").active, bed.provider("b").active]).toEqual([1, 1]);
    await iterator.return?.();
    expect((await bed.value(next)).done).toBe(true);
    await bed.clock.advance(0);
    expect([bed.provider("a").active, bed.provider("b").active]).toEqual([0, 0]);
    expect(bed.records.at(-1)).toMatchObject({ outcome: "aborted" });
  });
});
