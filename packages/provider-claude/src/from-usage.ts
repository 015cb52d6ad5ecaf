import type { Usage } from "@babylon/llm-core";
import { fieldOf, numberField } from "@babylon/provider-kit";

/** The counts of Anthropic's `usage` that are read; `null`: not told. */
export interface UsageCounts {
  /** Without what was read from or written to the prompt cache. */
  readonly input: number | null;
  readonly cacheRead: number | null;
  readonly cacheCreation: number | null;
  readonly output: number | null;
  readonly thinking: number | null;
}

/** Nothing told yet. */
export const NO_COUNTS: UsageCounts = Object.freeze({
  input: null,
  cacheRead: null,
  cacheCreation: null,
  output: null,
  thinking: null,
});

/**
 * Reads a `usage` object over an earlier one of the same answer. In a stream the counts are cumulative: those told now replace the
 * earlier ones, those not told stay.
 */
export function readUsage(usage: unknown, earlier: UsageCounts = NO_COUNTS): UsageCounts {
  return {
    input: numberField(usage, "input_tokens") ?? earlier.input,
    cacheRead: numberField(usage, "cache_read_input_tokens") ?? earlier.cacheRead,
    cacheCreation: numberField(usage, "cache_creation_input_tokens") ?? earlier.cacheCreation,
    output: numberField(usage, "output_tokens") ?? earlier.output,
    thinking: numberField(fieldOf(usage, "output_tokens_details"), "thinking_tokens") ?? earlier.thinking,
  };
}

/**
 * The counts in the common form. Anthropic leaves cached tokens out of `input_tokens`; here they are part of it. Cache counts that
 * are `null` or absent mean that no cache was involved, so they do not make the sum unknown.
 */
export function fromUsage(counts: UsageCounts): Usage {
  const { input, cacheRead, cacheCreation, output, thinking } = counts;
  return {
    inputTokens: input === null ? null : input + (cacheRead ?? 0) + (cacheCreation ?? 0),
    outputTokens: output,
    cachedInputTokens: cacheRead,
    reasoningTokens: thinking,
  };
}
