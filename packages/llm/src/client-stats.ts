import { type CallRecord, knownUsage } from "@babylon/llm-core";

/** Sums over the calls of a client so far. */
export interface ClientTotals {
  readonly calls: number;
  readonly attempts: number;
  readonly failedCalls: number;
  /** Input and output of all attempts; `null` when an attempt did not tell. */
  readonly totalTokens: number | null;
  /** Those that are known: at least so many. */
  readonly knownTokens: number;
  /** Attempts whose tokens are not known, and not in the sum. */
  readonly unknownAttempts: number;
  /** US dollars; `null`: prices are not known. */
  readonly totalCost: number | null;
}

/** Adds up call records. */
export interface ClientStats {
  add(record: CallRecord): void;
  totals(): ClientTotals;
}

/** Nothing added yet. */
export function createClientStats(): ClientStats {
  let calls = 0;
  let attempts = 0;
  let failedCalls = 0;
  let totalTokens: number | null = 0;
  let knownTokens = 0;
  let unknownAttempts = 0;
  return {
    add({ attempts: made, outcome, totalUsage: { inputTokens, outputTokens } }) {
      calls += 1;
      attempts += made.length;
      if (outcome !== "success") failedCalls += 1;
      const told = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;
      totalTokens = totalTokens === null || told === null ? null : totalTokens + told;
      const known = knownUsage(made);
      knownTokens += known.usage.inputTokens + known.usage.outputTokens;
      unknownAttempts += known.unknownAttempts;
    },
    totals: () => ({ calls, attempts, failedCalls, totalTokens, knownTokens, unknownAttempts, totalCost: null }),
  };
}
