import { isRecord, type Usage } from "@babylon/llm-core";
import { fieldOf, numberField } from "@babylon/provider-kit";

/**
 * The tokens of a reply; `null` when it tells none. `prompt_tokens` includes the cached ones at every vendor of this family; a
 * detail that is not told is unknown, not 0. Groq repeats usage under `x_groq`.
 *
 * @param reply - a response, or a chunk of a stream
 */
export function fromUsage(reply: unknown): Usage | null {
  const own = fieldOf(reply, "usage");
  const usage = isRecord(own) ? own : fieldOf(fieldOf(reply, "x_groq"), "usage");
  if (!isRecord(usage)) return null;
  return {
    inputTokens: numberField(usage, "prompt_tokens"),
    outputTokens: numberField(usage, "completion_tokens"),
    cachedInputTokens: numberField(usage.prompt_tokens_details, "cached_tokens"),
    reasoningTokens: numberField(usage.completion_tokens_details, "reasoning_tokens"),
  };
}
