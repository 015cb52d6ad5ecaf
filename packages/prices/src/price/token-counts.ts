import type { Usage } from "@babylon/llm-core";

/** The counts of a usage that are priced differently. None is negative; together they are the usage. */
export interface TokenCounts {
  readonly uncached: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly longCacheWrite: number;
  readonly output: number;
  readonly webSearches: number;
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/**
 * Splits a usage; `null` if it contradicts itself or has a count that is not a whole number. A count of a cache that was not reported is 0:
 * the vendors report each cached token that they charge differently.
 *
 * @param input - the input tokens
 * @param output - the output tokens
 */
export function splitUsage(usage: Usage, input: number, output: number): TokenCounts | null {
  // An adapter for an earlier version of the contract may omit fields.
  const cacheRead = usage.cachedInputTokens ?? 0;
  const written = usage.cacheWriteInputTokens ?? 0;
  const longCacheWrite = usage.longCacheWriteInputTokens ?? 0;
  const webSearches = usage.extras?.webSearches ?? 0;
  const uncached = input - cacheRead - written;
  const cacheWrite = written - longCacheWrite;
  const areCounts =
    isCount(input) &&
    isCount(output) &&
    isCount(cacheRead) &&
    isCount(written) &&
    isCount(longCacheWrite) &&
    isCount(webSearches) &&
    isCount(usage.reasoningTokens ?? 0);
  if (!areCounts || uncached < 0 || cacheWrite < 0) return null;
  return { uncached, cacheRead, cacheWrite, longCacheWrite, output, webSearches };
}
