import { isRecord, type Usage, type UsageExtra } from "@babylon/llm-core";
import { fieldOf, numberField } from "@babylon/provider-kit";

/**
 * The tokens of a reply; `null` when it tells none. `prompt_tokens` includes the cached ones at every vendor of this family; a
 * detail that is not told is unknown, not 0. Groq repeats usage under `x_groq`, or has there only what its caches gave.
 *
 * @param reply - a response, or a chunk of a stream
 */
export function fromUsage(reply: unknown): Usage | null {
  const own = fieldOf(reply, "usage");
  const ofGroq = fieldOf(fieldOf(reply, "x_groq"), "usage");
  const usage = isRecord(own) ? own : ofGroq;
  if (!isRecord(usage)) return null;
  const input = usage.prompt_tokens_details;
  const output = usage.completion_tokens_details;
  const written = numberField(input, "cache_write_tokens");
  return {
    inputTokens: numberField(usage, "prompt_tokens"),
    outputTokens: numberField(usage, "completion_tokens"),
    cachedInputTokens: numberField(input, "cached_tokens") ?? cachedByGroq(ofGroq),
    cacheWriteInputTokens: written,
    // Nobody in this family sells a longer one (2026-11).
    longCacheWriteInputTokens: written === null ? null : 0,
    reasoningTokens: numberField(output, "reasoning_tokens"),
    ...extrasOf({
      audioInputTokens: numberField(input, "audio_tokens"),
      audioOutputTokens: numberField(output, "audio_tokens"),
      // Of gateways that pass on models with tools of the vendor's own.
      webSearches: numberField(usage.server_tool_use, "web_search_requests"),
    }),
  };
}

function cachedByGroq(usage: unknown): number | null {
  const dram = numberField(usage, "dram_cached_tokens");
  const sram = numberField(usage, "sram_cached_tokens");
  return dram === null && sram === null ? null : (dram ?? 0) + (sram ?? 0);
}

/** The member `extras`; nothing where there is none above 0. */
function extrasOf(counts: Readonly<Record<UsageExtra, number | null>>): Pick<Usage, "extras"> {
  const { webSearches, audioInputTokens, audioOutputTokens } = counts;
  if (!webSearches && !audioInputTokens && !audioOutputTokens) return {};
  return {
    extras: {
      ...(webSearches ? { webSearches } : {}),
      ...(audioInputTokens ? { audioInputTokens } : {}),
      ...(audioOutputTokens ? { audioOutputTokens } : {}),
    },
  };
}
