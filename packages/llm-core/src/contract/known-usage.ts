import type { Attempt } from "./attempt.ts";
import { addExtras, NO_USAGE, UNKNOWN_USAGE, type Usage } from "./usage.ts";

/** The fields of {@link Usage} that count tokens. */
type TokenCount = Exclude<keyof Usage, "extras">;

/** The known tokens of several attempts. */
export interface KnownUsage {
  /** The sum of the reported numbers: a lower bound of the actual usage. */
  readonly usage: Usage & { readonly [Count in TokenCount]: number };
  /** Number of attempts whose input or output tokens are unknown. These are not in the sum. */
  readonly unknownAttempts: number;
}

/** The fields of an attempt that determine its usage. */
export type AttemptUsage = Partial<Pick<Attempt, "usage" | "sent">>;

/** The usage of an attempt: zero if its request was not sent, unknown if the provider did not report it. */
export function usageOf({ usage, sent }: AttemptUsage): Usage {
  return usage ?? (sent === false ? NO_USAGE : UNKNOWN_USAGE);
}

/**
 * The known part of a usage that is `null` in total because some attempts have no usage. Takes `result.attempts`, `error.attempts`,
 * `record.attempts`, or the attempts of many calls.
 */
export function knownUsage(attempts: Iterable<AttemptUsage>): KnownUsage {
  let usage: KnownUsage["usage"] = { ...NO_TOKENS };
  let unknownAttempts = 0;
  for (const attempt of attempts) {
    const reported = usageOf(attempt);
    usage = {
      inputTokens: usage.inputTokens + (reported.inputTokens ?? 0),
      outputTokens: usage.outputTokens + (reported.outputTokens ?? 0),
      cachedInputTokens: usage.cachedInputTokens + (reported.cachedInputTokens ?? 0),
      cacheWriteInputTokens: usage.cacheWriteInputTokens + (reported.cacheWriteInputTokens ?? 0),
      longCacheWriteInputTokens: usage.longCacheWriteInputTokens + (reported.longCacheWriteInputTokens ?? 0),
      reasoningTokens: usage.reasoningTokens + (reported.reasoningTokens ?? 0),
      ...addExtras(usage, reported),
    };
    if (reported.inputTokens === null || reported.outputTokens === null) unknownAttempts += 1;
  }
  return { usage, unknownAttempts };
}

const NO_TOKENS: KnownUsage["usage"] = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  longCacheWriteInputTokens: 0,
  reasoningTokens: 0,
};
