import { isRecord, type Usage, type UsageExtra } from "@babylon/llm-core";
import { arrayField, fieldOf, numberField } from "@babylon/provider-kit";

/** The first of these fields that is a count. */
function countOf(value: unknown, ...names: readonly string[]): number | null {
  for (const name of names) {
    const count = numberField(value, name);
    if (count !== null && count >= 0) return count;
  }
  return null;
}

/**
 * The usage of a reply; `null` if it states none. `prompt_tokens` includes cached tokens at every vendor of this family. A missing detail is
 * unknown, not 0. Groq repeats usage under `x_groq`, or states only its cached tokens there; Moonshot states usage on the choice.
 *
 * @param reply - a response, or a chunk of a stream
 */
export function fromUsage(reply: unknown): Usage | null {
  const ofGroq = fieldOf(fieldOf(reply, "x_groq"), "usage");
  const onChoice = arrayField(reply, "choices").map((choice) => fieldOf(choice, "usage"));
  const usages = [fieldOf(reply, "usage"), ofGroq, ...onChoice].filter(isRecord);
  const usage = usages.find(hasCount) ?? usages[0];
  if (usage === undefined) return null;
  const input = usage.prompt_tokens_details ?? usage.input_tokens_details;
  const output = usage.completion_tokens_details ?? usage.output_tokens_details;
  // Gateways fill in details of 0 that they do not know.
  const cached =
    (countOf(input, "cached_tokens") ||
      // DeepSeek; Moonshot and others; gateways to Anthropic's API.
      countOf(usage, "prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens", "cache_read_tokens")) ??
    countOf(input, "cached_tokens") ??
    cachedByGroq(ofGroq);
  const written =
    countOf(input, "cache_write_tokens", "cache_creation_tokens") ??
    countOf(usage, "cache_creation_input_tokens", "cache_write_tokens");
  const reasoning = countOf(output, "reasoning_tokens") ?? countOf(usage, "reasoning_tokens");
  return {
    inputTokens: inputOf(usage, (cached ?? 0) + (written ?? 0)),
    outputTokens: outputOf(usage, reasoning),
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
    // No vendor of this family offers a longer cache (2026-11).
    longCacheWriteInputTokens: written === null ? null : 0,
    reasoningTokens: reasoning,
    ...extrasOf({
      audioInputTokens: countOf(input, "audio_tokens"),
      audioOutputTokens: countOf(output, "audio_tokens"),
      // From gateways to models with server-side tools.
      webSearches: countOf(usage.server_tool_use, "web_search_requests"),
    }),
  };
}

/**
 * The input tokens, including cached ones. Anthropic's `input_tokens` excludes them, and so does any count that is lower than the cached
 * tokens.
 */
function inputOf(usage: unknown, ofCaches: number): number | null {
  const prompt = countOf(usage, "prompt_tokens");
  if (prompt !== null) return prompt < ofCaches ? prompt + ofCaches : prompt;
  const input = countOf(usage, "input_tokens");
  const isExclusive = fieldOf(usage, "cache_read_input_tokens") !== undefined;
  return input === null ? null : isExclusive || input < ofCaches ? input + ofCaches : input;
}

/**
 * The output tokens, including reasoning. Gemini and xAI include reasoning in `total_tokens` but not in `completion_tokens` (their
 * compatibility endpoints, 2026-11): the surplus of the total counts as output if it equals the reasoning tokens, or if these are not stated.
 */
function outputOf(usage: unknown, reasoning: number | null): number | null {
  const completion = countOf(usage, "completion_tokens", "output_tokens");
  const prompt = countOf(usage, "prompt_tokens");
  const total = countOf(usage, "total_tokens");
  if (completion === null || prompt === null || total === null) return completion;
  const surplus = total - prompt - completion;
  return surplus > 0 && (reasoning === null || reasoning === surplus) ? completion + surplus : completion;
}

/** Whether an object states tokens: gateways send an empty one besides. */
const hasCount = (usage: unknown): boolean =>
  countOf(usage, "prompt_tokens", "completion_tokens", "input_tokens", "output_tokens") !== null;

function cachedByGroq(usage: unknown): number | null {
  const dram = countOf(usage, "dram_cached_tokens");
  const sram = countOf(usage, "sram_cached_tokens");
  return dram === null && sram === null ? null : (dram ?? 0) + (sram ?? 0);
}

/** The field `extras`, without counts of 0; empty if there are none. */
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

const higher = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

/** Merges a later usage into an earlier one of the same answer. Counts never decrease: missing or smaller counts are ignored. */
export function raiseUsage(earlier: Usage | null, later: Usage): Usage {
  if (earlier === null) return later;
  const extras = { ...earlier.extras };
  for (const name of ["webSearches", "audioInputTokens", "audioOutputTokens"] as const) {
    const count = higher(extras[name] ?? null, later.extras?.[name] ?? null);
    if (count !== null) extras[name] = count;
  }
  return {
    inputTokens: higher(earlier.inputTokens, later.inputTokens),
    outputTokens: higher(earlier.outputTokens, later.outputTokens),
    cachedInputTokens: higher(earlier.cachedInputTokens, later.cachedInputTokens),
    cacheWriteInputTokens: higher(earlier.cacheWriteInputTokens, later.cacheWriteInputTokens),
    longCacheWriteInputTokens: higher(earlier.longCacheWriteInputTokens, later.longCacheWriteInputTokens),
    reasoningTokens: higher(earlier.reasoningTokens, later.reasoningTokens),
    ...(Object.keys(extras).length === 0 ? {} : { extras }),
  };
}
