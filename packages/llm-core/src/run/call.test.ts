import { type MockStep, mockProvider } from "@babylon/llm-testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { collect, failure, testBed } from "../test-support/test-bed.ts";

const FIRST_MS = 1_000;
const IDS = ["a", "b", "c", "d"];

type Behaviour = { readonly kind: "answers" | "fails"; readonly afterMs: number } | { readonly kind: "hangs" };

const toStep = (behaviour: Behaviour): MockStep => {
  if (behaviour.kind === "hangs") return { hang: true };
  if (behaviour.kind === "fails") return { error: failure("context_length"), delayMs: behaviour.afterMs };
  return { text: "whole", delayMs: behaviour.afterMs };
};

/** The expected result for such a chain: when the call ends, and whether it is served. */
function predict(chain: readonly Behaviour[], totalMs: number): { atMs: number; served: boolean } {
  let atMs = 0;
  for (const [index, behaviour] of chain.entries()) {
    const left = totalMs - atMs;
    const shareMs = Math.ceil(Math.min(FIRST_MS, left / (chain.length - index)));
    const needsMs = behaviour.kind === "hangs" ? Number.POSITIVE_INFINITY : behaviour.afterMs;
    if (Math.min(needsMs, shareMs) >= left) return { atMs: totalMs, served: false };
    if (needsMs > shareMs) atMs += shareMs;
    else if (behaviour.kind === "fails") atMs += needsMs;
    else return { atMs: atMs + needsMs, served: true };
  }
  return { atMs, served: false };
}

// Links act at odd times, limits pass at even ones, so that no two events coincide.
const behaviour = fc.oneof(
  fc.record({
    kind: fc.constantFrom("answers" as const, "fails" as const),
    afterMs: fc.integer({ min: 0, max: 900 }).map((ms) => 2 * ms + 0.5),
  }),
  fc.record({ kind: fc.constant("hangs" as const) }),
);
const chains = fc.array(behaviour, { minLength: 1, maxLength: 4 });

it("a call is served and ends as expected, for any behaviour of the links and any time limits", async () => {
  await fc.assert(
    fc.asyncProperty(
      chains,
      fc.integer({ min: 1, max: 3_000 }),
      fc.constantFrom("json", "stream", "watched"),
      async (chain, totalMs, way) => {
        const bed = testBed(Object.fromEntries(chain.map((each, index) => [IDS[index], toStep(each)])));
        const timeouts = { firstTokenMs: FIRST_MS, attemptMs: FIRST_MS, totalMs };
        const options = { prompt: "x", timeouts, transport: way === "json" ? "json" : "stream" } as const;
        const stream = way === "watched" ? bed.llm.streamText(options) : null;
        const reading = stream === null ? null : collect(stream);
        const { value, atMs, timersLeft } = await bed.ending(stream?.result ?? bed.llm.generateText(options), 3_500);
        await reading;
        const expected = predict(chain, totalMs);
        expect({ atMs: Math.round(atMs), served: value !== undefined }).toEqual({
          ...expected,
          atMs: Math.round(expected.atMs),
        });
        expect(atMs).toBeLessThanOrEqual(totalMs);
        expect(timersLeft).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});

const fault: fc.Arbitrary<MockStep> = fc.constantFrom<MockStep>(
  { error: failure("network") },
  { error: failure("server") },
  { error: failure("rate_limit", { retryAfterMs: 300 }) },
  { error: failure("rate_limit", { retryAfterMs: 60_000 }) },
  { error: failure("auth") },
  { error: failure("invalid_request") },
  { error: failure("context_length"), delayMs: 40 },
  { hang: true },
  { text: "" },
  { text: ["ha", "lf"], truncate: true },
  { text: ["ha", "lf"], stallAfter: 1 },
  { text: ["ha", "lf"], error: failure("network"), failAfter: 1 },
  { text: ["ha", "lf"], error: failure("server"), failAfter: 2, delayMs: 20, gapMs: 20 },
  { reasoning: "hm", error: failure("truncated"), failAfter: 1 },
);
const whole: fc.Arbitrary<MockStep> = fc.record({
  text: fc.array(fc.constantFrom("one ", "two ", "three "), { minLength: 1, maxLength: 4 }),
  delayMs: fc.integer({ min: 0, max: 80 }),
  gapMs: fc.integer({ min: 0, max: 80 }),
});
const script = fc.array(fc.oneof({ weight: 3, arbitrary: fault }, { weight: 1, arbitrary: whole }), {
  minLength: 1,
  maxLength: 6,
});
const isWhole = ({ text, error, hang, truncate, stallAfter }: MockStep) =>
  text !== "" && error === undefined && hang === undefined && truncate === undefined && stallAfter === undefined;
const textOf = ({ text = "" }: MockStep) => (typeof text === "string" ? text : text.join(""));

it("no call fails while one link can serve it, and no answer is truncated or joined: any faults, many concurrent calls", async () => {
  const ways = fc.constantFrom("generate", "json", "hedged", "restart", "continue");
  await fc.assert(
    fc.asyncProperty(
      fc.array(script, { minLength: 0, maxLength: 3 }),
      whole,
      fc.array(ways, { minLength: 1, maxLength: 12 }),
      async (faulty, good, calls) => {
        const scripts = Object.fromEntries(
          faulty.map((steps, index) => [IDS[index], mockProvider({ id: IDS[index], steps })]),
        );
        const bed = testBed(
          { ...scripts, z: mockProvider({ id: "z", steps: [good] }) },
          { timeouts: { firstTokenMs: 100, idleMs: 100, attemptMs: 400, totalMs: 60_000 } },
        );
        const legal = new Set([good, ...faulty.flat().filter(isWhole)].map(textOf));
        const results = calls.map(async (way) => {
          if (way === "restart" || way === "continue") {
            const stream = bed.llm.streamText({ prompt: "x", onInterrupted: way });
            let text = "";
            for await (const event of stream) {
              if (event.type === "text") text += event.text;
              else if (event.type === "restart") text = "";
            }
            const result = await stream.result;
            expect(result.text).toBe(text);
            return result;
          }
          return bed.llm.generateText({
            prompt: "x",
            hedge: way === "hedged",
            transport: way === "json" ? "json" : "auto",
          });
        });
        for (const [index, result] of (await bed.value(Promise.all(results))).entries()) {
          // A link that continues another link's text may add nothing.
          if (calls[index] !== "continue") expect(legal).toContain(result.text);
          expect(result.attempts.filter(({ outcome }) => outcome === "success")).toHaveLength(1);
        }
        expect(bed.records).toHaveLength(calls.length);
        const attempts = bed.records.flatMap((record) => record.attempts.map(({ provider }) => provider));
        expect(attempts.toSorted()).toEqual(bed.called.toSorted());
        expect(bed.clock.pendingTimers()).toBe(0);
      },
    ),
    { numRuns: 120 },
  );
});

it("an abort at any time ends a call at once and releases its resources", async () => {
  const ways = fc.constantFrom("generate", "json", "hedged", "throw", "restart", "continue");
  await fc.assert(
    fc.asyncProperty(
      fc.array(script, { minLength: 1, maxLength: 4 }),
      ways,
      fc.integer({ min: 0, max: 1_500 }),
      async (chain, way, abortMs) => {
        const scripts = Object.fromEntries(chain.map((steps, index) => [IDS[index], steps]));
        const bed = testBed(scripts, { timeouts: { firstTokenMs: 300, idleMs: 300, attemptMs: 300 } });
        const options = { prompt: "x", abortSignal: bed.controller.signal };
        let promise: Promise<unknown>;
        if (way === "throw" || way === "restart" || way === "continue") {
          const stream = bed.llm.streamText({ ...options, onInterrupted: way });
          promise = bed.watch(stream.result);
          void collect(stream);
        } else {
          promise = bed.watch(
            bed.llm.generateText({ ...options, hedge: way === "hedged", transport: way === "json" ? "json" : "auto" }),
          );
        }
        await bed.clock.advance(abortMs + 0.5);
        bed.controller.abort();
        const { error, atMs } = await bed.ending(promise, 200);
        expect(atMs).toBeLessThanOrEqual(abortMs + 0.5);
        await bed.clock.advance(0);
        expect(bed.clock.pendingTimers()).toBe(0);
        for (const id of Object.keys(scripts)) expect(bed.provider(id).active).toBe(0);
        if (error?.code === "aborted")
          expect(bed.records).toMatchObject([{ outcome: "aborted", durationMs: abortMs + 0.5 }]);
        expect(bed.records.flatMap(({ attempts }) => attempts)).toHaveLength(bed.called.length);
      },
    ),
    { numRuns: 150 },
  );
});
