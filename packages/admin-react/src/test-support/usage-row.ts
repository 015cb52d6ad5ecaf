import type { UsageRow } from "@babylon/admin-api/contract";

/** A row without any figure, and what is different. */
export function usageRow(more: Partial<UsageRow>): UsageRow {
  const none = { p50: null, p95: null, p99: null };
  return {
    at: 0,
    group: {},
    calls: 0,
    failed: 0,
    aborted: 0,
    rescued: 0,
    fallbacks: 0,
    attempts: 0,
    failedAttempts: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteInputTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    unknownUsage: 0,
    nanoUsd: 0,
    lowNanoUsd: 0,
    unknownCost: 0,
    latency: none,
    firstToken: none,
    ...more,
  };
}
