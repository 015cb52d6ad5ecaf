import type { Usage } from "@babylon/llm-core";
import { UNKNOWN_USAGE } from "@babylon/llm-core";
import { expect, it } from "vitest";
import { fromUsage } from "./from-usage.ts";

type Row = readonly [name: string, reply: unknown, expected: Usage | null];

const ROWS: readonly Row[] = [
  ["none", { usage: null }, null],
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
    "a gateway's searches",
    { usage: { prompt_tokens: 20, completion_tokens: 3, server_tool_use: { web_search_requests: 2 } } },
    { ...UNKNOWN_USAGE, inputTokens: 20, outputTokens: 3, extras: { webSearches: 2 } },
  ],
];

it.each(ROWS)("reads %s", (_, reply, expected) => {
  expect(fromUsage(reply)).toEqual(expected);
});
