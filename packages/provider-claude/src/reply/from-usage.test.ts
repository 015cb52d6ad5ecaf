import { expect, test } from "vitest";
import { fromUsage, NO_COUNTS, readUsage } from "./from-usage.ts";

test.each([
  {
    name: "cached tokens are part of the input",
    usage: { input_tokens: 10, cache_read_input_tokens: 3, cache_creation_input_tokens: 2, output_tokens: 4 },
    expected: {
      inputTokens: 15,
      outputTokens: 4,
      cachedInputTokens: 3,
      cacheWriteInputTokens: 2,
      longCacheWriteInputTokens: null,
      reasoningTokens: null,
    },
  },
  {
    name: "null cache counts add nothing and stay unknown",
    usage: { input_tokens: 10, cache_read_input_tokens: null, cache_creation_input_tokens: null, output_tokens: 4 },
    expected: {
      inputTokens: 10,
      outputTokens: 4,
      cachedInputTokens: null,
      cacheWriteInputTokens: null,
      longCacheWriteInputTokens: null,
      reasoningTokens: null,
    },
  },
  {
    name: "thinking is counted separately",
    usage: { input_tokens: 1, output_tokens: 40, output_tokens_details: { thinking_tokens: 30 } },
    expected: {
      inputTokens: 1,
      outputTokens: 40,
      cachedInputTokens: null,
      cacheWriteInputTokens: null,
      longCacheWriteInputTokens: null,
      reasoningTokens: 30,
    },
  },
  {
    name: "no usage is unknown, not 0",
    usage: undefined,
    expected: {
      inputTokens: null,
      outputTokens: null,
      cachedInputTokens: null,
      cacheWriteInputTokens: null,
      longCacheWriteInputTokens: null,
      reasoningTokens: null,
    },
  },
  {
    name: "counts that are not numbers are unknown",
    usage: { input_tokens: "10", output_tokens: Number.NaN },
    expected: {
      inputTokens: null,
      outputTokens: null,
      cachedInputTokens: null,
      cacheWriteInputTokens: null,
      longCacheWriteInputTokens: null,
      reasoningTokens: null,
    },
  },
  {
    name: "tokens written for an hour are part of all written tokens",
    usage: {
      input_tokens: 10,
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
      output_tokens: 4,
    },
    expected: {
      inputTokens: 40,
      outputTokens: 4,
      cachedInputTokens: 0,
      cacheWriteInputTokens: 30,
      longCacheWriteInputTokens: 10,
      reasoningTokens: null,
    },
  },
  {
    name: "the written tokens may be more than their parts",
    usage: {
      input_tokens: 123_201,
      cache_read_input_tokens: 426_653,
      cache_creation_input_tokens: 184_457,
      cache_creation: { ephemeral_5m_input_tokens: 31_490, ephemeral_1h_input_tokens: 0 },
      server_tool_use: { web_search_requests: 5, web_fetch_requests: 1 },
      output_tokens: 4,
    },
    expected: {
      inputTokens: 734_311,
      outputTokens: 4,
      cachedInputTokens: 426_653,
      cacheWriteInputTokens: 184_457,
      longCacheWriteInputTokens: 0,
      reasoningTokens: null,
      extras: { webSearches: 5 },
    },
  },
  {
    name: "the parts of the written tokens may be given without the sum",
    usage: { input_tokens: 1, cache_creation: { ephemeral_1h_input_tokens: 7 }, output_tokens: 2 },
    expected: {
      inputTokens: 8,
      outputTokens: 2,
      cachedInputTokens: null,
      cacheWriteInputTokens: 7,
      longCacheWriteInputTokens: 7,
      reasoningTokens: null,
    },
  },
  {
    name: "with no written tokens, none is written for an hour",
    usage: {
      input_tokens: 1,
      cache_creation_input_tokens: 0,
      server_tool_use: { web_search_requests: 0 },
      output_tokens: 2,
    },
    expected: {
      inputTokens: 1,
      outputTokens: 2,
      cachedInputTokens: null,
      cacheWriteInputTokens: 0,
      longCacheWriteInputTokens: 0,
      reasoningTokens: null,
    },
  },
])("$name", ({ usage, expected }) => {
  expect(fromUsage(readUsage(usage))).toEqual(expected);
});

test("cumulative counts replace earlier ones, and missing counts keep them", () => {
  const first = readUsage({ input_tokens: 10, cache_read_input_tokens: 3, output_tokens: 1 }, NO_COUNTS);
  const second = readUsage({ output_tokens: 9, cache_read_input_tokens: null }, first);
  const third = readUsage({ output_tokens: 12, input_tokens: 11 }, second);
  expect(fromUsage(second)).toMatchObject({ inputTokens: 13, outputTokens: 9 });
  expect(fromUsage(third)).toMatchObject({ inputTokens: 14, outputTokens: 12, cachedInputTokens: 3 });
});

test("a 0 at the end of a stream does not overwrite the prompt tokens", () => {
  const start = {
    input_tokens: 15,
    cache_read_input_tokens: 4_000,
    cache_creation_input_tokens: 100,
    cache_creation: { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 40 },
    output_tokens: 1,
  };
  const nothing = { input_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 12 };
  const parts = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 };
  expect(fromUsage(readUsage({ ...nothing, cache_creation: parts }, readUsage(start)))).toMatchObject({
    inputTokens: 4_115,
    outputTokens: 12,
    cachedInputTokens: 4_000,
    cacheWriteInputTokens: 100,
    longCacheWriteInputTokens: 40,
  });
  expect(fromUsage(readUsage({ input_tokens: 4_522, output_tokens: 5 }, readUsage({ input_tokens: 0 })))).toMatchObject(
    {
      inputTokens: 4_522,
    },
  );
});
