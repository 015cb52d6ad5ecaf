import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { createPricer, type PricerOptions } from "./create-pricer.ts";
import { type PricedReply, pricedReply, streamWithoutUsage } from "./test-support/priced-call.ts";

const list = createPricer();

type Row = readonly [name: string, usd: number, reply: PricedReply, options?: PricerOptions];

/** Anthropic's `usage`. Its `input_tokens` are without cached ones. */
const claudeUsage = (input: number, output: number, more: object = {}): object => ({
  input_tokens: input,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: output,
  ...more,
});

/** OpenAI's `usage`. Its `prompt_tokens` are with cached ones. */
const openaiUsage = (input: number, output: number, cached = 0, reasoning = 0): object => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0 },
});

const luna = (usage: object, reply: object = {}): PricedReply => ({
  vendor: "openai",
  model: "gpt-6-luna",
  usage,
  reply,
});

const opus = (more: object): PricedReply => ({
  vendor: "claude",
  model: "claude-opus-5-5",
  usage: claudeUsage(10_000, 1_000, more),
});

const GEMINI_LIKE = {
  provider: "openai",
  model: "gemini-3-flash",
  usdPerMTok: { input: 0.5, output: 3, cacheRead: 0.05 },
};
const TIERED = { provider: "openai", model: "tiered" };

const ROWS: readonly Row[] = [
  [
    "1: a cache write is not an input token as well",
    0.054399,
    {
      vendor: "claude",
      model: "claude-3-7-sonnet-20250219",
      usage: { input_tokens: 3, cache_creation_input_tokens: 12_304, cache_read_input_tokens: 0, output_tokens: 550 },
    },
  ],
  [
    "2: a cache read is not an input token as well",
    0.0002916,
    {
      vendor: "claude",
      model: "claude-3-5-haiku-20241022",
      usage: claudeUsage(4, 23, { cache_read_input_tokens: 2_455 }),
    },
  ],
  [
    "3: reasoning is a part of the output",
    0.0473475,
    { vendor: "openai", model: "gpt-5.1", usage: openaiUsage(22_118, 1_970, 0, 956) },
  ],
  [
    "5: cached tokens, by the price of an override",
    0.0055649,
    { vendor: "openai", model: "gemini-3-flash", usage: openaiUsage(20_212, 931, 16_298) },
    { overrides: [GEMINI_LIKE] },
  ],
  [
    "6: a cache write of one hour",
    3.44139,
    {
      vendor: "claude",
      model: "claude-opus-5",
      usage: claudeUsage(0, 0, {
        cache_creation_input_tokens: 344_139,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 344_139 },
      }),
    },
  ],
  [
    "7: cache writes that exceed their parts, and web searches",
    0.8002098,
    {
      vendor: "claude",
      model: "claude-sonnet-5-5",
      usage: claudeUsage(123_201, 0, {
        cache_read_input_tokens: 426_653,
        cache_creation_input_tokens: 184_457,
        cache_creation: { ephemeral_5m_input_tokens: 31_490, ephemeral_1h_input_tokens: 0 },
        server_tool_use: { web_search_requests: 5 },
      }),
    },
  ],
  ["8: gpt-5.5 at its threshold", 1.39, { vendor: "openai", model: "gpt-5.5", usage: openaiUsage(272_000, 1_000) }],
  ["8: luna at its threshold", 0.0277, luna(openaiUsage(272_000, 1_000))],
  ["8: luna above its threshold: the whole request", 0.0551502, luna(openaiUsage(272_001, 1_000))],
  [
    "9: above a threshold, the whole request, output and cache too",
    2.741686,
    { vendor: "openai", model: "tiered", usage: openaiUsage(278_476, 630, 7_936) },
    {
      overrides: [
        { ...TIERED, usdPerMTok: { input: 5, output: 30, cacheRead: 0.5 } },
        { ...TIERED, above: 272_000, usdPerMTok: { input: 10, output: 45, cacheRead: 1 } },
      ],
    },
  ],
  ["10: the reply says flex", 0.001, luna(openaiUsage(10_000, 2_000), { service_tier: "flex" })],
  ["10: the reply says priority", 0.004, luna(openaiUsage(10_000, 2_000), { service_tier: "priority" })],
  [
    "10: flex was requested, the reply says default",
    0.002,
    luna(openaiUsage(10_000, 2_000), { service_tier: "default" }),
  ],
  [
    "11: the last day of a price",
    0.02,
    {
      vendor: "claude",
      model: "claude-sonnet-5-5",
      usage: claudeUsage(0, 0, { cache_read_input_tokens: 100_000 }),
      day: "2026-10-06",
    },
  ],
  [
    "11: the first day of the next one",
    0.01,
    {
      vendor: "claude",
      model: "claude-sonnet-5-5",
      usage: claudeUsage(0, 0, { cache_read_input_tokens: 100_000 }),
      day: "2026-10-07",
    },
  ],
  [
    "11: not the price of a model with a longer name",
    0.075,
    { vendor: "groq", model: "openai/gpt-oss-safeguard-20b", usage: openaiUsage(1_000_000, 0) },
  ],
  [
    "13: haiku at its threshold",
    0.0105,
    { vendor: "claude", model: "claude-haiku-5-5", usage: claudeUsage(100_000, 1_000) },
  ],
  ["13: haiku above it", 0.0625, { vendor: "claude", model: "claude-haiku-5-5", usage: claudeUsage(120_000, 1_000) }],
  ["14: opus", 0.06, opus({})],
  ["14: opus in the US", 0.066, opus({ inference_geo: "us" })],
  ["14: opus, fast", 0.12, opus({ speed: "fast" })],
  [
    "15: an override of 0 is free",
    0,
    { vendor: "openai", model: "gpt-6-luna", usage: openaiUsage(1_000, 100, 50) },
    { overrides: [{ provider: "openai", model: "gpt-6-luna", usdPerMTok: { input: 0, output: 0 } }] },
  ],
  [
    "16: Groq's cached tokens",
    0.0001563,
    {
      vendor: "groq",
      model: "openai/gpt-oss-120b",
      usage: {
        prompt_tokens: 1_210,
        completion_tokens: 86,
        total_tokens: 1_296,
        prompt_tokens_details: { cached_tokens: 1_024 },
      },
    },
  ],
  [
    "16: W&B, which does not report caches",
    0.001065,
    {
      vendor: "wandb",
      model: "meta-llama/Llama-3.3-70B-Instruct",
      usage: { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500, prompt_tokens_details: null },
    },
  ],
];

const rows = ROWS.map(([name, usd, reply, options = null]) => [name, usd, reply, options] as const);

it.each(rows)("%s", async (_, usd, reply, options) => {
  const { cost } = await pricedReply(reply, options === null ? list : createPricer(options));
  const nanoUsd = Math.round(usd * 1e9);
  expect(cost).toMatchObject({ nanoUsd, lowNanoUsd: nanoUsd, highNanoUsd: nanoUsd, currency: "USD" });
  expect(cost?.source).toBe(options === null ? "list" : "override");
});

it("4: a call costs what its attempts cost, once", async () => {
  const usage = {
    inputTokens: 13_052,
    outputTokens: 1_000,
    cachedInputTokens: 0,
    cacheWriteInputTokens: 0,
    longCacheWriteInputTokens: 0,
    reasoningTokens: 0,
  };
  const llm = createLLMClient({
    providers: [mockProvider({ id: "openai", steps: [{ text: "Ahoy.", usage }] })],
    pricer: list,
  });
  const { cost, attempts } = await llm.generateText({ prompt: "x", models: { openai: "gpt-5.5" } });
  expect([cost?.nanoUsd, attempts[0]?.cost?.nanoUsd]).toEqual([95_260_000, 95_260_000]);
});

it("12: a stream without usage has a cost that is not known, and not 0", async () => {
  const { cost } = await streamWithoutUsage(list, "gpt-6-luna");
  expect(cost).toMatchObject({ nanoUsd: null, lowNanoUsd: 0, highNanoUsd: null, source: "list" });
});

describe("15", () => {
  it("an alias without a price is not known", async () => {
    const { cost } = await pricedReply({ vendor: "openai", model: "best", usage: openaiUsage(10, 10) }, list);
    expect(cost).toMatchObject({ nanoUsd: null, lowNanoUsd: 0, highNanoUsd: null, source: "none" });
  });

  it("a price per token in the field of a price per million is refused, with its name", () => {
    const overrides = [{ provider: "openai", model: "x", usdPerMTok: { input: 0.0000004, output: 3 } }];
    expect(() => createPricer({ overrides })).toThrow(/overrides\[0\]\.usdPerMTok\.input: .*price per token/);
  });
});

it("states the first day of the price", async () => {
  const usage = { prompt_tokens: 1_210, completion_tokens: 86, prompt_tokens_details: { cached_tokens: 1_024 } };
  const { cost } = await pricedReply({ vendor: "groq", model: "openai/gpt-oss-120b", usage }, list);
  expect(cost?.effective).toBe("2026-08-29");
});
