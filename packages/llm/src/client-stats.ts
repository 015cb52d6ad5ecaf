import { type CallRecord, type Cost, knownUsage } from "@babylon/llm-core";

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
  /** US dollars; `null` without a pricer, and where the cost of an attempt is not known. */
  readonly totalCost: number | null;
  /** At least so much; `null` without a pricer. */
  readonly leastCost: number | null;
  /** At most so much; `null` without a pricer, and where no bound is known. */
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
 * Nothing added yet.
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
    add({ attempts: made, outcome, totalUsage: { inputTokens, outputTokens }, cost }) {
      if (cost !== undefined) addCost(cost);
      calls += 1;
      attempts += made.length;
      if (outcome !== "success") failedCalls += 1;
      const told = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;
      totalTokens = totalTokens === null || told === null ? null : totalTokens + told;
      const known = knownUsage(made);
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
