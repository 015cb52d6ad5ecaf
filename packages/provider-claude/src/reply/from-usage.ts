import type { Usage } from "@babylon/llm-core";
import { fieldOf, numberField } from "@babylon/provider-kit";

/** The counts of Anthropic's `usage`; `null`: not reported. */
export interface UsageCounts {
  /** Without tokens that were read from or written to the prompt cache. */
  readonly input: number | null;
  readonly cacheRead: number | null;
  /** All tokens written to the cache; may exceed the sum of the next two. */
  readonly cacheCreation: number | null;
  readonly cacheCreation5m: number | null;
  readonly cacheCreation1h: number | null;
  readonly output: number | null;
  readonly thinking: number | null;
  readonly webSearches: number | null;
}

/** Nothing reported yet. */
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
 * Merges a `usage` object into the earlier counts of the same answer. Counts are cumulative and never decrease: some gateways end a stream
 * with `null`, 0 or smaller counts. The prompt counts are compared by their sum, because a later object may count tokens as cached that an
 * earlier one counted as uncached.
 */
export function readUsage(usage: unknown, earlier: UsageCounts = NO_COUNTS): UsageCounts {
  const creation = fieldOf(usage, "cache_creation");
  const prompt: PromptCounts = {
    input: promptCount(usage, "input_tokens", earlier.input),
    cacheRead: promptCount(usage, "cache_read_input_tokens", earlier.cacheRead),
    cacheCreation: promptCount(usage, "cache_creation_input_tokens", earlier.cacheCreation),
    cacheCreation5m: promptCount(creation, "ephemeral_5m_input_tokens", earlier.cacheCreation5m),
    cacheCreation1h: promptCount(creation, "ephemeral_1h_input_tokens", earlier.cacheCreation1h),
  };
  const later = {
    output: higher(countOf(usage, "output_tokens"), earlier.output),
    thinking: higher(countOf(fieldOf(usage, "output_tokens_details"), "thinking_tokens"), earlier.thinking),
    webSearches: higher(countOf(fieldOf(usage, "server_tool_use"), "web_search_requests"), earlier.webSearches),
  };
  return { ...earlier, ...(promptSum(prompt) < promptSum(earlier) ? {} : prompt), ...later };
}

type PromptCounts = Pick<UsageCounts, "input" | "cacheRead" | "cacheCreation" | "cacheCreation5m" | "cacheCreation1h">;

const promptSum = (counts: PromptCounts): number =>
  (counts.input ?? 0) + (counts.cacheRead ?? 0) + (writtenOf(counts) ?? 0);

/** A negative count counts as missing. */
function countOf(counts: unknown, name: string): number | null {
  const reported = numberField(counts, name);
  return reported === null || reported < 0 ? null : reported;
}

const higher = (reported: number | null, earlier: number | null): number | null =>
  reported === null || earlier === null ? (reported ?? earlier) : Math.max(reported, earlier);

function promptCount(counts: unknown, name: string, earlier: number | null): number | null {
  const reported = countOf(counts, name);
  return reported === null || reported === 0 ? (earlier ?? reported) : reported;
}

/**
 * Converts the counts to {@link Usage}. Anthropic excludes cached tokens from `input_tokens`; here they are included. Missing cache counts
 * mean that no cache was used, so they do not make the sum unknown.
 */
export function fromUsage(counts: UsageCounts): Usage {
  const { input, cacheRead, output, thinking, webSearches } = counts;
  const written = writtenOf(counts);
  return {
    inputTokens: input === null ? null : input + (cacheRead ?? 0) + (written ?? 0),
    outputTokens: output,
    cachedInputTokens: cacheRead,
    cacheWriteInputTokens: written,
    // Without any cache writes there are no long ones.
    longCacheWriteInputTokens: counts.cacheCreation1h ?? (written === 0 ? 0 : null),
    reasoningTokens: thinking,
    ...(webSearches === null || webSearches <= 0 ? {} : { extras: { webSearches } }),
  };
}

/** The cache writes: the total, or the sum of its parts if that is larger or the total is missing. */
function writtenOf({ cacheCreation, cacheCreation5m, cacheCreation1h }: PromptCounts): number | null {
  if (cacheCreation5m === null && cacheCreation1h === null) return cacheCreation;
  return Math.max(cacheCreation ?? 0, (cacheCreation5m ?? 0) + (cacheCreation1h ?? 0));
}
