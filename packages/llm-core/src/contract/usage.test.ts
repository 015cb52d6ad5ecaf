import { describe, expect, it } from "vitest";
import { failure, testBed } from "../test-support/test-bed.ts";
import { knownUsage } from "./known-usage.ts";
import { addUsage, NO_USAGE, UNKNOWN_USAGE } from "./usage.ts";

const FIVE = {
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  longCacheWriteInputTokens: 0,
  reasoningTokens: 0,
};

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
  [[{ usage: FIVE, sent: true }, { sent: false }], 10, 0],
  [[{ usage: FIVE }, { sent: true }], 10, 1],
])("the known part of %j", (attempts, inputTokens, unknownAttempts) => {
  expect(knownUsage(attempts)).toMatchObject({ usage: { inputTokens }, unknownAttempts });
});

it("adds what was written to caches, and what is counted apart", () => {
  const one = { ...FIVE, cacheWriteInputTokens: 4, longCacheWriteInputTokens: 1, extras: { webSearches: 2 } };
  const two = { ...FIVE, cacheWriteInputTokens: 3, extras: { webSearches: 1, audioInputTokens: 7 } };
  expect(addUsage(one, two)).toMatchObject({
    cacheWriteInputTokens: 7,
    longCacheWriteInputTokens: 1,
    extras: { webSearches: 3, audioInputTokens: 7 },
  });
  expect(addUsage(one, FIVE).extras).toEqual({ webSearches: 2 });
  expect(addUsage(FIVE, FIVE)).not.toHaveProperty("extras");
  expect(addUsage(one, { ...FIVE, cacheWriteInputTokens: null }).cacheWriteInputTokens).toBeNull();
  expect(addUsage(NO_USAGE, one)).toEqual({ ...one });
  expect(knownUsage([{ usage: one }, { usage: UNKNOWN_USAGE }, { usage: two }]).usage).toMatchObject({
    cacheWriteInputTokens: 7,
    longCacheWriteInputTokens: 1,
    extras: { webSearches: 3, audioInputTokens: 7 },
  });
});

it("adds a usage of an adapter that leaves out what it does not know", () => {
  const older = { inputTokens: 1, outputTokens: 2, cachedInputTokens: null, reasoningTokens: null };
  // As an adapter without types gives it.
  const sum = addUsage(NO_USAGE, older as typeof NO_USAGE);
  expect(sum).toMatchObject({ inputTokens: 1, cacheWriteInputTokens: null, longCacheWriteInputTokens: null });
});
