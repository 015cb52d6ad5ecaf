import type { Cost } from "../contract/cost.ts";

/** The cost of an attempt with an unknown price. */
export const UNKNOWN_COST: Cost = Object.freeze({
  nanoUsd: null,
  lowNanoUsd: 0,
  highNanoUsd: null,
  currency: "USD",
  source: "none",
  effective: null,
});

/** The cost without any attempt: zero. */
export const NO_COST: Cost = Object.freeze({ ...UNKNOWN_COST, nanoUsd: 0, highNanoUsd: 0 });

/** The most certain source first. */
const SOURCES: readonly Cost["source"][] = ["provider", "override", "list", "none"];

const add = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

/** Adds two costs. With an unknown part the sum is unknown; its bounds are the sums of the bounds. */
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
