import type { Usage } from "@babylon/llm-core";
import { fieldOf, numberField } from "@babylon/provider-kit";

/** The counts of Anthropic's `usage` that are read; `null`: not told. */
export interface UsageCounts {
  /** Without what was read from or written to the prompt cache. */
  readonly input: number | null;
  readonly cacheRead: number | null;
  /** All that was written to the cache: may be more than the sum of the next two. */
  readonly cacheCreation: number | null;
  readonly cacheCreation5m: number | null;
  readonly cacheCreation1h: number | null;
  readonly output: number | null;
  readonly thinking: number | null;
  readonly webSearches: number | null;
}

/** Nothing told yet. */
export const NO_COUNTS: UsageCounts = Object.freeze({
  input: null,
  cacheRead: null,
  cacheCreation: null,
  cacheCreation5m: null,
  cacheCreation1h: null,
  output: null,
  thinking: null,
  webSearches: null,
});

/**
 * Reads a `usage` object over an earlier one of the same answer. In a stream the counts are cumulative: those told now replace the
 * earlier ones, those not told stay. Gateways end a stream with counts of 0 for what they told at its start: of the prompt, a 0 replaces
 * nothing.
 */
export function readUsage(usage: unknown, earlier: UsageCounts = NO_COUNTS): UsageCounts {
  const creation = fieldOf(usage, "cache_creation");
  return {
    input: promptCount(usage, "input_tokens", earlier.input),
    cacheRead: promptCount(usage, "cache_read_input_tokens", earlier.cacheRead),
    cacheCreation: promptCount(usage, "cache_creation_input_tokens", earlier.cacheCreation),
    cacheCreation5m: promptCount(creation, "ephemeral_5m_input_tokens", earlier.cacheCreation5m),
    cacheCreation1h: promptCount(creation, "ephemeral_1h_input_tokens", earlier.cacheCreation1h),
    output: numberField(usage, "output_tokens") ?? earlier.output,
    thinking: numberField(fieldOf(usage, "output_tokens_details"), "thinking_tokens") ?? earlier.thinking,
    webSearches: numberField(fieldOf(usage, "server_tool_use"), "web_search_requests") ?? earlier.webSearches,
  };
}

function promptCount(counts: unknown, name: string, earlier: number | null): number | null {
  const told = numberField(counts, name);
  return told === null || told === 0 ? (earlier ?? told) : told;
}

/**
 * The counts in the common form. Anthropic leaves cached tokens out of `input_tokens`; here they are part of it. Cache counts that
 * are `null` or absent mean that no cache was involved, so they do not make the sum unknown.
 */
export function fromUsage(counts: UsageCounts): Usage {
  const { input, cacheRead, output, thinking, webSearches } = counts;
  const written = writtenOf(counts);
  return {
    inputTokens: input === null ? null : input + (cacheRead ?? 0) + (written ?? 0),
    outputTokens: output,
    cachedInputTokens: cacheRead,
    cacheWriteInputTokens: written,
    // Of nothing, nothing is kept for long.
    longCacheWriteInputTokens: counts.cacheCreation1h ?? (written === 0 ? 0 : null),
    reasoningTokens: thinking,
    ...(webSearches === null || webSearches <= 0 ? {} : { extras: { webSearches } }),
  };
}

/** The total, or its parts where they are more or stand alone: what they do not name was written for five minutes. */
function writtenOf({ cacheCreation, cacheCreation5m, cacheCreation1h }: UsageCounts): number | null {
  if (cacheCreation5m === null && cacheCreation1h === null) return cacheCreation;
  return Math.max(cacheCreation ?? 0, (cacheCreation5m ?? 0) + (cacheCreation1h ?? 0));
}
