import { describe, expect, it } from "vitest";
import type { CallOptions } from "../contract/call-options.ts";
import { type TestBed, testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const statesOf = (bed: TestBed) => bed.llm.health().map(({ state }) => state);

describe("a timeout caused by the caller's limits does not count for the breaker:", () => {
  const slow = { text: "hello", delayMs: 250 };
  const stalls = { text: ["x", "y"], stallAfter: 1 };
  it.each<[string, object, CallOptions]>([
    ["a share of a short totalMs", slow, { timeouts: { totalMs: 400 } }],
    ["a share of a near deadline", slow, {}],
    ["the call's own firstTokenMs", slow, { timeouts: { firstTokenMs: 100 } }],
    ["the call's own attemptMs, by JSON", slow, { timeouts: { attemptMs: 100 }, transport: "json" } as CallOptions],
    ["the call's own idleMs", stalls, { timeouts: { idleMs: 100 } }],
    ["a share of a short totalMs, by JSON", slow, { timeouts: { totalMs: 400 }, transport: "json" } as CallOptions],
  ])("%s", async (name, step, options) => {
    const bed = testBed({ a: step, b: step, c: step, d: step });
    for (let time = 0; time < 30; time += 1) {
      const deadline = name.includes("deadline") ? { deadline: bed.clock.now() + 400 } : {};
      await bed.ending(bed.llm.generateText({ ...ask, ...options, ...deadline }));
    }
    expect(statesOf(bed)).toEqual(["closed", "closed", "closed", "closed"]);
    // A caller with default limits gets the first link.
    if (step === slow) expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("a");
  });

  it("also during a probe: the link is probed again", async () => {
    const bed = testBed(
      { a: [{ hang: true }, slow], b: {} },
      { breaker: { consecutiveFailures: 1 }, timeouts: { firstTokenMs: 1_000 } },
    );
    await bed.value(bed.llm.generateText(ask));
    await bed.clock.advance(5_000);
    expect((await bed.value(bed.llm.generateText({ ...ask, timeouts: { totalMs: 400 } }))).provider).toBe("b");
    expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("a");
  });
});

describe("a timeout counts when the client's own limit has passed:", () => {
  it.each<[string, object, CallOptions]>([
    ["firstTokenMs", { hang: true }, {}],
    ["firstTokenMs, if the call allowed more", { hang: true }, { timeouts: { firstTokenMs: 2_000 } }],
    ["idleMs", { text: ["x", "y"], stallAfter: 1 }, {}],
    ["attemptMs, by JSON", { hang: true }, { transport: "json" } as CallOptions],
  ])("%s", async (_, step, options) => {
    const bed = testBed({ a: step, b: {} }, { timeouts: { firstTokenMs: 300, idleMs: 300, attemptMs: 300 } });
    for (let time = 0; time < 5; time += 1) await bed.value(bed.llm.generateText({ ...ask, ...options }));
    expect(statesOf(bed)).toEqual(["open", "closed"]);
  });
});
