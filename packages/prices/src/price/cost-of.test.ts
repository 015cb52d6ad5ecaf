import type { Attempt, Usage } from "@babylon/llm-core";
import { describe, expect, it } from "vitest";
import { createPricer } from "../create-pricer.ts";
import { toAttempt } from "../test-support/to-attempt.ts";
import type { PriceWarning } from "./price-warning.ts";

const warnings: PriceWarning[] = [];
const pricer = createPricer({
  overrides: [
    { provider: "acme", model: "plain", usdPerMTok: { input: 2, output: 10 } },
    { provider: "acme", model: "cached", usdPerMTok: { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 } },
    { provider: "acme", model: "free", usdPerMTok: { input: 0, output: 0 } },
    { provider: "acme", model: "long-only", above: 1_000, usdPerMTok: { input: 2, output: 10 } },
  ],
  onWarning: (warning) => warnings.push(warning),
});

function priced(model: string, usage: Partial<Usage> | null, facts: Partial<Attempt> = {}) {
  warnings.length = 0;
  const attempt = toAttempt(usage, { provider: "acme", model: `${model}`, ...facts });
  const { nanoUsd, lowNanoUsd, highNanoUsd } = pricer.price(attempt, null);
  return { cost: [nanoUsd, lowNanoUsd, highNanoUsd], warned: warnings.map(({ kind }) => kind) };
}

const BOTH = { inputTokens: 1_000, outputTokens: 100 };

type Row = readonly [
  name: string,
  model: string,
  usage: Partial<Usage> | null,
  cost: readonly [nano: number | null, low: number, high: number | null],
];

describe("what was not reported, or has no price, is not known", () => {
  it.each<Row>([
    ["no usage", "plain", null, [null, 0, null]],
    ["no output: at least the input", "plain", { inputTokens: 1_000 }, [null, 2_000_000, null]],
    ["no input: at least the output", "plain", { outputTokens: 100 }, [null, 1_000_000, null]],
    [
      "no input, but cached tokens: at least these",
      "cached",
      { outputTokens: 100, cachedInputTokens: 1_000 },
      [null, 1_200_000, null],
    ],
    [
      "a read without a price: from nothing to the price of the input",
      "plain",
      { ...BOTH, cachedInputTokens: 400 },
      [null, 2_200_000, 3_000_000],
    ],
    [
      "a write without a price: no upper bound",
      "plain",
      { ...BOTH, cacheWriteInputTokens: 400 },
      [null, 2_200_000, null],
    ],
    [
      "a long write without a price",
      "cached",
      { ...BOTH, cacheWriteInputTokens: 400, longCacheWriteInputTokens: 400 },
      [null, 2_200_000, null],
    ],
    ["searches without a price", "plain", { ...BOTH, extras: { webSearches: 1 } }, [null, 3_000_000, null]],
    ["audio", "plain", { ...BOTH, extras: { audioInputTokens: 500, audioOutputTokens: 50 } }, [null, 1_500_000, null]],
    ["a request below the only known size", "long-only", BOTH, [null, 0, null]],
    ["more than a safe integer", "plain", { inputTokens: 2 ** 52, outputTokens: 2 ** 52 }, [null, 0, null]],
  ])("%s", (_, model, usage, cost) => {
    expect(priced(model, usage).cost).toEqual(cost);
  });

  it.each<Row>([
    ["caches that were not reported", "plain", BOTH, [3_000_000, 3_000_000, 3_000_000]],
    [
      "unknown rates that were not needed",
      "plain",
      { ...BOTH, cachedInputTokens: 0 },
      [3_000_000, 3_000_000, 3_000_000],
    ],
    [
      "writes of no stated length: minutes",
      "cached",
      { ...BOTH, cacheWriteInputTokens: 400 },
      [3_200_000, 3_200_000, 3_200_000],
    ],
    ["everything free, caches too", "free", { ...BOTH, cachedInputTokens: 9, cacheWriteInputTokens: 9 }, [0, 0, 0]],
    [
      "a request above the only known size",
      "long-only",
      { inputTokens: 1_001, outputTokens: 0 },
      [2_002_000, 2_002_000, 2_002_000],
    ],
    ["nothing used", "plain", { inputTokens: 0, outputTokens: 0 }, [0, 0, 0]],
    // The sum in trillionths is above 2 ** 62.
    [
      "more than the exact range of a sum of trillionths",
      "plain",
      { inputTokens: 2 ** 39, outputTokens: 2 ** 39 + 1 },
      [6_597_069_766_666_000, 6_597_069_766_666_000, 6_597_069_766_666_000],
    ],
  ])("known: %s", (_, model, usage, cost) => {
    expect(priced(model, usage)).toEqual({ cost, warned: [] });
  });
});

describe("counts that contradict each other are not priced", () => {
  it.each<[string, Partial<Usage>]>([
    ["more cached than input", { ...BOTH, cachedInputTokens: 1_001 }],
    ["more cached and written than input", { ...BOTH, cachedInputTokens: 600, cacheWriteInputTokens: 600 }],
    ["more written for long than written", { ...BOTH, cacheWriteInputTokens: 5, longCacheWriteInputTokens: 6 }],
    ["negative", { ...BOTH, outputTokens: -1 }],
    ["a fraction", { ...BOTH, outputTokens: 1.5 }],
    ["no number", { ...BOTH, inputTokens: Number.NaN }],
    ["infinite", { ...BOTH, inputTokens: Number.POSITIVE_INFINITY }],
    ["a negative count of searches", { ...BOTH, extras: { webSearches: -1 } }],
    ["a fraction of a cache", { ...BOTH, cachedInputTokens: 0.5 }],
  ])("%s", (name, usage) => {
    // Each once: a warning is not repeated for a model.
    const result = priced("plain", usage, { model: "plain", responseModel: "plain" });
    expect(result.cost, name).toEqual([null, 0, null]);
  });

  it("with one warning for a model", () => {
    const own: PriceWarning[] = [];
    const fresh = createPricer({
      overrides: [{ provider: "acme", model: "*", usdPerMTok: { input: 1, output: 1 } }],
      onWarning: (warning) => own.push(warning),
    });
    const wrong = toAttempt({ ...BOTH, outputTokens: -1 }, { provider: "acme", model: "a" });
    fresh.price(wrong, null);
    fresh.price(wrong, null);
    expect(own).toEqual([expect.objectContaining({ kind: "invalid-usage", provider: "acme", model: "a" })]);
  });
});

describe("a request without usage", () => {
  const failed = (status: number | null, more: Partial<Attempt> = {}): Partial<Attempt> => ({
    outcome: "failed",
    outputChars: 0,
    error: { code: "server", message: "no", status, retryAfterMs: null },
    ...more,
  });
  const NOTHING = [0, 0, 0];
  const UNKNOWN = [null, 0, null];
  it.each<[string, Partial<Attempt>, readonly (number | null)[]]>([
    ["not sent", { outcome: "failed", sent: false }, NOTHING],
    ["refused for its key", failed(401), NOTHING],
    ["refused for its rate", failed(429), NOTHING],
    ["failed at the vendor", failed(500), NOTHING],
    ["overloaded", failed(529), NOTHING],
    ["timed out at a gateway", failed(504), UNKNOWN],
    ["a bad gateway", failed(502), UNKNOWN],
    ["an error in a reply of status 200", failed(200), UNKNOWN],
    ["a connection that broke", failed(null), UNKNOWN],
    ["an error after output", failed(500, { outputChars: 3 }), UNKNOWN],
    ["aborted", { outcome: "aborted" }, UNKNOWN],
    ["lost to another attempt", { outcome: "cancelled" }, UNKNOWN],
  ])("%s", (_, facts, cost) => {
    expect(priced("plain", null, facts).cost).toEqual(cost);
    expect(priced("nobody-knows", null, facts).cost).toEqual(cost);
  });
});

describe("tiers", () => {
  const list = createPricer();
  const usage = { inputTokens: 10_000, outputTokens: 1_000 };
  const nanoOf = (facts: Partial<Attempt>, more: Partial<Usage> = {}): number | null =>
    list.price(toAttempt({ ...usage, ...more }, facts), null).nanoUsd;
  const opus = { provider: "claude", model: "claude-opus-5-5" };
  const luna = { provider: "openai", model: "gpt-6-luna" };
  const gptOss = { provider: "groq", model: "openai/gpt-oss-120b" };
  it.each<[string, Partial<Attempt>, number | null]>([
    ["batch", { ...opus, serviceTier: "batch" }, 30_000_000],
    ["batch in the US", { ...opus, serviceTier: "batch", region: "us" }, 33_000_000],
    ["fast in the US", { ...opus, speed: "fast", region: "us" }, 132_000_000],
    ["standard everywhere", { ...opus, serviceTier: "standard", speed: "standard", region: "global" }, 60_000_000],
    ["fast in a batch, which is not offered", { ...opus, serviceTier: "batch", speed: "fast" }, null],
    ["Anthropic's priority, which is a commitment", { ...opus, serviceTier: "priority" }, null],
    ["a region of no known price", { ...opus, region: "mars" }, null],
    ["fast for a model without", { provider: "claude", model: "claude-sonnet-5-5", speed: "fast" }, null],
    ["OpenAI in the EU", { ...luna, region: "eu" }, 1_650_000],
    [
      "an older model in the EU, which costs the same",
      { provider: "openai", model: "gpt-4o-mini", region: "eu" },
      2_100_000,
    ],
    ["OpenAI's fast mode", { ...luna, serviceTier: "fast" }, 3_000_000],
    ["OpenAI's scale tier, which is a commitment", { ...luna, serviceTier: "scale" }, null],
    ["Groq's flex, which costs the same", { ...gptOss, serviceTier: "flex", region: "us-west-1" }, 2_100_000],
    ["Groq's default", { ...gptOss, serviceTier: "on_demand" }, 2_100_000],
    ["a word that objects have", { ...luna, serviceTier: "constructor" }, null],
    ["another word that objects have", { ...luna, serviceTier: "__proto__" }, null],
  ])("%s", (_, facts, nano) => {
    expect(nanoOf(facts)).toBe(nano);
  });

  it("priority is not priced for a long context, flex is", () => {
    const long = { inputTokens: 300_000 };
    expect(nanoOf({ ...luna, serviceTier: "priority" }, long)).toBeNull();
    expect(nanoOf({ ...luna, serviceTier: "flex" }, long)).toBe(30_375_000);
  });

  it("fast doubles the cache rates, too, but not the searches", () => {
    const more = { cachedInputTokens: 10_000, extras: { webSearches: 1 } };
    expect(nanoOf({ ...opus, speed: "fast" }, { ...more, outputTokens: 0 })).toBe(14_000_000);
  });
});
