import { describe, expect, it } from "vitest";
import { failure, testBed } from "./fixtures/test-bed.ts";
import { knownUsage, UNKNOWN_USAGE } from "./usage.ts";

const FIVE = { inputTokens: 10, outputTokens: 5, cachedInputTokens: 0, reasoningTokens: 0 };

describe("a sum with an unknown part", () => {
  it("is null, and its known part is counted apart", async () => {
    const bed = testBed({ a: { error: failure("auth") }, b: {} });
    const result = await bed.value(bed.llm.generateText({ prompt: "x" }));
    expect(result.totalUsage).toEqual(UNKNOWN_USAGE);
    expect(knownUsage(result.attempts)).toEqual({ usage: FIVE, unknownAttempts: 1 });
    const [record] = bed.records;
    expect(record?.totalUsage).toEqual(UNKNOWN_USAGE);
    expect(knownUsage(record?.attempts ?? [])).toEqual({ usage: FIVE, unknownAttempts: 1 });
  });

  it("of a call that failed, too", async () => {
    const usage = { ...FIVE, outputTokens: null };
    const a = { parts: [{ type: "usage" as const, usage }], error: failure("auth"), failAfter: 1 };
    const bed = testBed({ a, b: { error: failure("quota") } });
    const { attempts } = await bed.error(bed.llm.generateText({ prompt: "x" }));
    expect(knownUsage(attempts)).toEqual({ usage: { ...FIVE, outputTokens: 0 }, unknownAttempts: 2 });
  });
});

it.each([
  [[], 0, 0],
  [[{ usage: FIVE }], 10, 0],
  [[{ usage: FIVE }, { usage: FIVE }], 20, 0],
  [[{ usage: FIVE }, {}], 10, 1],
  [[{ usage: { ...FIVE, cachedInputTokens: null } }], 10, 0],
])("the known part of %j", (attempts, inputTokens, unknownAttempts) => {
  expect(knownUsage(attempts)).toMatchObject({ usage: { inputTokens }, unknownAttempts });
});
