import { describe, expect, it } from "vitest";
import { failure, testBed } from "../fixtures/test-bed.ts";

const ask = { prompt: "hello" };

describe("half-open", () => {
  it.each([
    ["a plain call", {}],
    ["a call with tools", { tools: { look: { inputSchema: { type: "object" } } } }],
  ])("one probe goes at a time, however many calls begin in the same moment: %s", async (_, more) => {
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
    expect(bed.called.filter((id) => id === "a")).toHaveLength(5);
    expect(atMs).toBe(500);
  });
});
