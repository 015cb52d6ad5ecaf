import { hasMethods } from "../check/check-client-options.ts";
import type { Attempt } from "../contract/attempt.ts";
import type { Cost } from "../contract/cost.ts";
import { isRecord } from "../contract/json.ts";
import type { LazyPricer, Pricer } from "../contract/pricer.ts";
import { addCosts, NO_COST, UNKNOWN_COST } from "./add-costs.ts";
import type { SeamGuard } from "./seam-guard.ts";

/** Prices attempts by the pricer of a client. Never throws. */
export interface Pricing {
  /** `null`: ready. Else loads the pricer; resolves when it is ready or has failed to load, and never rejects. */
  prepare(): Promise<void> | null;
  /** `undefined` without a pricer. */
  costOf(attempt: Attempt, tenant: string | null): Cost | undefined;
  /** The cost of several attempts; the cost of one in flight (`undefined`) is unknown. `null` without a pricer. */
  sum(attempts: readonly (Attempt | undefined)[]): Cost | null;
}

const NO_PRICING: Pricing = { prepare: () => null, costOf: () => undefined, sum: () => null };

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

/** Creates the pricing of a client. */
export function createPricing(pricer: Pricer | LazyPricer | undefined, guard: SeamGuard): Pricing {
  if (pricer === undefined) return NO_PRICING;
  // A pricer may have a method `load` of its own.
  const loading = "price" in pricer ? { pricer, prepare: () => null } : createLoading(pricer, guard);
  return {
    prepare: () => loading.prepare(),
    costOf(attempt, tenant) {
      const { pricer: ready } = loading;
      // Not loaded in time, or not at all, which was logged.
      if (ready === null) return UNKNOWN_COST;
      const cost: unknown = guard.run("the pricer", "price", () => ready.price(attempt, tenant));
      if (isCost(cost)) return cost;
      if (cost !== undefined) guard.failed("the pricer", "price", new TypeError("the pricer returned an invalid cost"));
      return UNKNOWN_COST;
    },
    sum: (attempts) => attempts.reduce((sum, attempt) => addCosts(sum, attempt?.cost ?? UNKNOWN_COST), NO_COST),
  };
}

/** A pricer that is loaded once. */
interface Loading {
  /** `null`: not loaded. */
  pricer: Pricer | null;
  prepare(): Promise<void> | null;
}

function createLoading(lazy: LazyPricer, guard: SeamGuard): Loading {
  let promise: Promise<void> | null = null;
  let isOver = false;

  async function load(): Promise<void> {
    try {
      const pricer: unknown = await lazy.load();
      if (!hasMethods(pricer, "price")) throw new TypeError("what was loaded is not a pricer");
      // Only the method's name could be checked; a wrong cost is found out later.
      loading.pricer = pricer as Pricer;
    } catch (thrown) {
      guard.failed("the pricer", "load", thrown);
    }
    isOver = true;
  }

  const loading: Loading = {
    pricer: null,
    prepare() {
      if (isOver) return null;
      promise ??= load();
      return promise;
    },
  };
  return loading;
}
