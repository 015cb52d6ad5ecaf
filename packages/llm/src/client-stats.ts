import { type CallRecord, type Cost, knownUsage } from "@babylon/llm-core";

/** Sums over the calls of a client so far. */
export interface ClientTotals {
  readonly calls: number;
  readonly attempts: number;
  readonly failedCalls: number;
  /** Input and output of all attempts; `null` if the usage of an attempt is unknown. */
  readonly totalTokens: number | null;
  /** The sum of the known usages, a lower bound of the total. */
  readonly knownTokens: number;
  /** Attempts with unknown usage, not in the sum. */
  readonly unknownAttempts: number;
  /** US dollars; `null` without a pricer, or if the cost of an attempt is unknown. */
  readonly totalCost: number | null;
  /** Lower bound, US dollars; `null` without a pricer. */
  readonly leastCost: number | null;
  /** Upper bound, US dollars; `null` without a pricer, or if no bound is known. */
  readonly mostCost: number | null;
}

/** Adds up call records. */
export interface ClientStats {
  add(record: CallRecord): void;
  totals(): ClientTotals;
}

/** Sums in billionths of a dollar; with an unknown part a sum is `null`. */
interface CostSums {
  exact: number | null;
  least: number;
  most: number | null;
}

const plus = (sum: number | null, part: number | null): number | null =>
  sum === null || part === null ? null : sum + part;

const toUsd = (nanoUsd: number | null): number | null => (nanoUsd === null ? null : nanoUsd / 1e9);

/**
 * Creates empty sums.
 *
 * @param isPriced - whether the client has a pricer
 */
export function createClientStats(isPriced: boolean): ClientStats {
  let calls = 0;
  let attempts = 0;
  let failedCalls = 0;
  let totalTokens: number | null = 0;
  let knownTokens = 0;
  let unknownAttempts = 0;
  const costs: CostSums | null = isPriced ? { exact: 0, least: 0, most: 0 } : null;

  function addCost({ nanoUsd, lowNanoUsd, highNanoUsd }: Cost): void {
    if (costs === null) return;
    costs.exact = plus(costs.exact, nanoUsd);
    costs.least += lowNanoUsd;
    costs.most = plus(costs.most, highNanoUsd);
  }

  return {
    add({ attempts: callAttempts, outcome, totalUsage: { inputTokens, outputTokens }, cost }) {
      if (cost !== undefined) addCost(cost);
      calls += 1;
      attempts += callAttempts.length;
      if (outcome !== "success") failedCalls += 1;
      totalTokens = plus(totalTokens, plus(inputTokens, outputTokens));
      const known = knownUsage(callAttempts);
      knownTokens += known.usage.inputTokens + known.usage.outputTokens;
      unknownAttempts += known.unknownAttempts;
    },
    totals: () => ({
      calls,
      attempts,
      failedCalls,
      totalTokens,
      knownTokens,
      unknownAttempts,
      totalCost: toUsd(costs?.exact ?? null),
      leastCost: toUsd(costs?.least ?? null),
      mostCost: toUsd(costs?.most ?? null),
    }),
  };
}
