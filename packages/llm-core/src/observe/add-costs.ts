import type { Cost } from "../contract/cost.ts";

/** The cost of an attempt of which nobody knows the price. */
export const UNKNOWN_COST: Cost = Object.freeze({
  nanoUsd: null,
  lowNanoUsd: 0,
  highNanoUsd: null,
  currency: "USD",
  source: "none",
  effective: null,
});

/** The cost of no attempt. */
export const NO_COST: Cost = Object.freeze({ ...UNKNOWN_COST, nanoUsd: 0, highNanoUsd: 0 });

/** The most certain first. */
const SOURCES: readonly Cost["source"][] = ["provider", "override", "list", "none"];

const add = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

/** Adds two costs; the sum with an unknown part is unknown, its bounds are the sums. */
export function addCosts(a: Cost, b: Cost): Cost {
  if (a === NO_COST) return b;
  if (b === NO_COST) return a;
  return {
    nanoUsd: add(a.nanoUsd, b.nanoUsd),
    lowNanoUsd: a.lowNanoUsd + b.lowNanoUsd,
    highNanoUsd: add(a.highNanoUsd, b.highNanoUsd),
    currency: "USD",
    source: SOURCES.indexOf(a.source) > SOURCES.indexOf(b.source) ? a.source : b.source,
    effective: a.effective === b.effective ? a.effective : null,
  };
}
