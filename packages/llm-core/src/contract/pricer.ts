import type { Attempt } from "./attempt.ts";
import type { Cost } from "./cost.ts";

/** Prices attempts. Must be synchronous, pure and fast: it runs at the end of each attempt. */
export interface Pricer {
  /** If it throws or does not return a {@link Cost}, the failure is logged and the cost is unknown. */
  price(attempt: Attempt, tenant: string | null): Cost;
}

/** A pricer that the first call loads, and waits for at most two seconds. */
export interface LazyPricer {
  /** Called once. If it rejects, the failure is logged and all costs are unknown. */
  load(): Promise<Pricer>;
}
