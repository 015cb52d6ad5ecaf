import type { Usage } from "@babylon/llm-core";
import { UNKNOWN_USAGE } from "@babylon/llm-core";
import { expect, it } from "vitest";
import { fromUsage, raiseUsage } from "./from-usage.ts";

type Row = readonly [name: string, reply: unknown, expected: Usage | null];

const ROWS: readonly Row[] = [
  ["none", { usage: null }, null],
  [
    "on the choice, and an empty object",
    { usage: {}, choices: [{ usage: { prompt_tokens: 10, completion_tokens: 5 } }] },
    { ...UNKNOWN_USAGE, inputTokens: 10, outputTokens: 5 },
  ],
  [
    "cached tokens, and details of 0",
    {
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        prompt_tokens_details: { cached_tokens: 0 },
        prompt_cache_hit_tokens: 4,
      },
    },
    { ...UNKNOWN_USAGE, inputTokens: 10, outputTokens: 5, cachedInputTokens: 4 },
  ],
  [
    "OpenAI's",
    {
      usage: {
        prompt_tokens: 2_000,
        completion_tokens: 300,
        prompt_tokens_details: { cached_tokens: 1_024, cache_write_tokens: 512, audio_tokens: 40 },
        completion_tokens_details: { reasoning_tokens: 100, audio_tokens: 20 },
      },
    },
    {
      inputTokens: 2_000,
      outputTokens: 300,
      cachedInputTokens: 1_024,
      cacheWriteInputTokens: 512,
      longCacheWriteInputTokens: 0,
      reasoningTokens: 100,
      extras: { audioInputTokens: 40, audioOutputTokens: 20 },
    },
  ],
  [
    "OpenAI's without anything special",
    {
      usage: {
        prompt_tokens: 20,
        completion_tokens: 3,
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
      },
    },
    {
      inputTokens: 20,
      outputTokens: 3,
      cachedInputTokens: 0,
      cacheWriteInputTokens: 0,
      longCacheWriteInputTokens: 0,
      reasoningTokens: 0,
    },
  ],
  [
    "W&B's",
    { usage: { prompt_tokens: 20, completion_tokens: 3, total_tokens: 23, prompt_tokens_details: null } },
    { ...UNKNOWN_USAGE, inputTokens: 20, outputTokens: 3 },
  ],
  [
    "Groq's, under a name of its own",
    { x_groq: { usage: { prompt_tokens: 20, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 8 } } } },
    { ...UNKNOWN_USAGE, inputTokens: 20, outputTokens: 3, cachedInputTokens: 8 },
  ],
  [
    "Groq's caches beside its usage",
    {
      usage: { prompt_tokens: 20, completion_tokens: 3 },
      x_groq: { usage: { dram_cached_tokens: 5, sram_cached_tokens: 2 } },
    },
    { ...UNKNOWN_USAGE, inputTokens: 20, outputTokens: 3, cachedInputTokens: 7 },
  ],
  [
    "DeepSeek's cache",
    { usage: { prompt_tokens: 20, completion_tokens: 3, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 12 } },
    { ...UNKNOWN_USAGE, inputTokens: 20, outputTokens: 3, cachedInputTokens: 8 },
  ],
  [
    "Moonshot's, on the choice, with its cache beside it",
    { choices: [{ delta: {}, usage: { prompt_tokens: 20, completion_tokens: 3, cached_tokens: 8 } }] },
    { ...UNKNOWN_USAGE, inputTokens: 20, outputTokens: 3, cachedInputTokens: 8 },
  ],
  [
    "Anthropic's names, whose input leaves the cache out",
    { usage: { input_tokens: 20, output_tokens: 3, cache_read_input_tokens: 8, cache_creation_input_tokens: 2 } },
    {
      ...UNKNOWN_USAGE,
      inputTokens: 30,
      outputTokens: 3,
      cachedInputTokens: 8,
      cacheWriteInputTokens: 2,
      longCacheWriteInputTokens: 0,
    },
  ],
  [
    "reasoning that only the total counts",
    {
      usage: {
        prompt_tokens: 20,
        completion_tokens: 3,
        total_tokens: 123,
        completion_tokens_details: { reasoning_tokens: 100 },
      },
    },
    { ...UNKNOWN_USAGE, inputTokens: 20, outputTokens: 103, reasoningTokens: 100 },
  ],
  [
    "a total that counts more than its parts",
    { usage: { prompt_tokens: 20, completion_tokens: 3, total_tokens: 123 } },
    { ...UNKNOWN_USAGE, inputTokens: 20, outputTokens: 103 },
  ],
  [
    "a total that counts something else",
    {
      usage: {
        prompt_tokens: 20,
        completion_tokens: 30,
        total_tokens: 57,
        completion_tokens_details: { reasoning_tokens: 10 },
      },
    },
    { ...UNKNOWN_USAGE, inputTokens: 20, outputTokens: 30, reasoningTokens: 10 },
  ],
  [
    "a gateway's searches",
    { usage: { prompt_tokens: 20, completion_tokens: 3, server_tool_use: { web_search_requests: 2 } } },
    { ...UNKNOWN_USAGE, inputTokens: 20, outputTokens: 3, extras: { webSearches: 2 } },
  ],
];

it.each<[string, Partial<Usage>]>([
  ["nothing", {}],
  ["zeros", { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 }],
  ["less", { inputTokens: 19, outputTokens: 2 }],
])("%s, reported later, does not remove what was reported", (_, later) => {
  const reported = {
    ...UNKNOWN_USAGE,
    inputTokens: 20,
    outputTokens: 3,
    cachedInputTokens: 8,
    extras: { webSearches: 1 },
  };
  expect(raiseUsage(reported, { ...UNKNOWN_USAGE, ...later })).toEqual(reported);
  expect(raiseUsage(reported, { ...UNKNOWN_USAGE, outputTokens: 9 })).toEqual({ ...reported, outputTokens: 9 });
});

it.each(ROWS)("reads %s", (_, reply, expected) => {
  expect(fromUsage(reply)).toEqual(expected);
});
