import { expect, test } from "vitest";
import { fromUsage, NO_COUNTS, readUsage } from "./from-usage.ts";

test.each([
  {
    name: "cached tokens are part of the input",
    usage: { input_tokens: 10, cache_read_input_tokens: 3, cache_creation_input_tokens: 2, output_tokens: 4 },
    expected: { inputTokens: 15, outputTokens: 4, cachedInputTokens: 3, reasoningTokens: null },
  },
  {
    name: "null cache counts add nothing and are not told",
    usage: { input_tokens: 10, cache_read_input_tokens: null, cache_creation_input_tokens: null, output_tokens: 4 },
    expected: { inputTokens: 10, outputTokens: 4, cachedInputTokens: null, reasoningTokens: null },
  },
  {
    name: "thinking is told apart",
    usage: { input_tokens: 1, output_tokens: 40, output_tokens_details: { thinking_tokens: 30 } },
    expected: { inputTokens: 1, outputTokens: 40, cachedInputTokens: null, reasoningTokens: 30 },
  },
  {
    name: "no usage is unknown, not 0",
    usage: undefined,
    expected: { inputTokens: null, outputTokens: null, cachedInputTokens: null, reasoningTokens: null },
  },
  {
    name: "counts that are no numbers are unknown",
    usage: { input_tokens: "10", output_tokens: Number.NaN },
    expected: { inputTokens: null, outputTokens: null, cachedInputTokens: null, reasoningTokens: null },
  },
])("$name", ({ usage, expected }) => {
  expect(fromUsage(readUsage(usage))).toEqual(expected);
});

test("cumulative counts replace the earlier ones and keep those not told", () => {
  const first = readUsage({ input_tokens: 10, cache_read_input_tokens: 3, output_tokens: 1 }, NO_COUNTS);
  const second = readUsage({ output_tokens: 9, cache_read_input_tokens: null }, first);
  const third = readUsage({ output_tokens: 12, input_tokens: 11 }, second);
  expect(fromUsage(second)).toMatchObject({ inputTokens: 13, outputTokens: 9 });
  expect(fromUsage(third)).toMatchObject({ inputTokens: 14, outputTokens: 12, cachedInputTokens: 3 });
});
