import type { Attempt } from "./attempt.ts";
import { NO_USAGE, sumOfExtras, UNKNOWN_USAGE, type Usage } from "./usage.ts";

/** The counts of a {@link Usage} that are tokens. */
type TokenCount = Exclude<keyof Usage, "extras">;

/** What is known of the tokens of several attempts. */
export interface KnownUsage {
  /** The sum of the numbers that providers gave: at least this was used. */
  readonly usage: Usage & { readonly [Count in TokenCount]: number };
  /** Attempts of which the input or the output is not known: what they used is not in the sum. */
  readonly unknownAttempts: number;
}

/** As much of an attempt as says what it used. */
export type AttemptUsage = Partial<Pick<Attempt, "usage" | "sent">>;

/** What an attempt used: nothing where its request did not leave; unknown where the provider did not say. */
export function usageOf({ usage, sent }: AttemptUsage): Usage {
  return usage ?? (sent === false ? NO_USAGE : UNKNOWN_USAGE);
}

/**
 * The known part of a sum that is `null` as a whole because an attempt did not give its tokens: of `result.attempts`,
 * `error.attempts` or `record.attempts`, or those of many calls.
 */
export function knownUsage(attempts: Iterable<AttemptUsage>): KnownUsage {
  let usage: KnownUsage["usage"] = { ...NOTHING };
  let unknownAttempts = 0;
  for (const attempt of attempts) {
    const given = usageOf(attempt);
    usage = {
      inputTokens: usage.inputTokens + (given.inputTokens ?? 0),
      outputTokens: usage.outputTokens + (given.outputTokens ?? 0),
      cachedInputTokens: usage.cachedInputTokens + (given.cachedInputTokens ?? 0),
      cacheWriteInputTokens: usage.cacheWriteInputTokens + (given.cacheWriteInputTokens ?? 0),
      longCacheWriteInputTokens: usage.longCacheWriteInputTokens + (given.longCacheWriteInputTokens ?? 0),
      reasoningTokens: usage.reasoningTokens + (given.reasoningTokens ?? 0),
      ...sumOfExtras(usage, given),
    };
    if (given.inputTokens === null || given.outputTokens === null) unknownAttempts += 1;
  }
  return { usage, unknownAttempts };
}

const NOTHING: KnownUsage["usage"] = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  longCacheWriteInputTokens: 0,
  reasoningTokens: 0,
};
