import type { Attempt } from "../contract/attempt.ts";
import type { Cost } from "../contract/cost.ts";
import { isRecord } from "../contract/json.ts";
import type { Pricer } from "../contract/pricer.ts";
import { addCosts, NO_COST, UNKNOWN_COST } from "./add-costs.ts";
import type { SeamGuard } from "./seam-guard.ts";

/** The pricer of a client, which never throws; or that there is none. */
export interface Pricing {
  /** `undefined` without a pricer. */
  costOf(attempt: Attempt, tenant: string | null): Cost | undefined;
  /** What attempts cost together; one that still runs, `undefined`, costs nobody knows what. `null` without a pricer. */
  sum(attempts: readonly (Attempt | undefined)[]): Cost | null;
}

const NO_PRICING: Pricing = { costOf: () => undefined, sum: () => null };

const SOURCES: ReadonlySet<unknown> = new Set(["provider", "override", "list", "none"]);

const isAmount = (value: unknown): boolean => typeof value === "number" && Number.isSafeInteger(value);
const isAmountOrNull = (value: unknown): boolean => value === null || isAmount(value);

function isCost(value: unknown): value is Cost {
  return (
    isRecord(value) &&
    isAmountOrNull(value.nanoUsd) &&
    isAmount(value.lowNanoUsd) &&
    isAmountOrNull(value.highNanoUsd) &&
    SOURCES.has(value.source)
  );
}

/** Makes the pricing of a client. */
export function createPricing(pricer: Pricer | undefined, guard: SeamGuard): Pricing {
  if (pricer === undefined) return NO_PRICING;
  return {
    costOf(attempt, tenant) {
      const cost: unknown = guard.run("the pricer", "price", () => pricer.price(attempt, tenant));
      if (isCost(cost)) return cost;
      if (cost !== undefined) guard.failed("the pricer", "price", new TypeError("no cost"));
      return UNKNOWN_COST;
    },
    sum: (attempts) => attempts.reduce((sum, attempt) => addCosts(sum, attempt?.cost ?? UNKNOWN_COST), NO_COST),
  };
}
