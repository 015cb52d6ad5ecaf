import type { Attempt, Cost, Pricer } from "@babylon/llm-core";

/** A pricer that records its calls. */
export interface FixedPricer extends Pricer {
  readonly priced: readonly { readonly attempt: Attempt; readonly tenant: string | null }[];
}

/** A known cost, in billionths of a dollar. */
export function fixedCost(nanoUsd: number): Cost {
  return {
    nanoUsd,
    lowNanoUsd: nanoUsd,
    highNanoUsd: nanoUsd,
    currency: "USD",
    source: "list",
    effective: "2026-01-01",
  };
}

/**
 * Creates a pricer with a fixed price.
 *
 * @param price - billionths of a dollar for each attempt, or the cost of an attempt
 */
export function fixedPricer(price: number | ((attempt: Attempt, tenant: string | null) => Cost)): FixedPricer {
  const priced: { attempt: Attempt; tenant: string | null }[] = [];
  return {
    priced,
    price(attempt, tenant) {
      priced.push({ attempt, tenant });
      return typeof price === "number" ? fixedCost(price) : price(attempt, tenant);
    },
  };
}
