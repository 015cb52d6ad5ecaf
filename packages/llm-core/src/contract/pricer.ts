import type { Attempt } from "./attempt.ts";
import type { Cost } from "./cost.ts";

/** Says what an attempt costs. Synchronous, pure and quick: it runs at the end of each attempt. */
export interface Pricer {
  /** A price that throws, or is no {@link Cost}, is logged and counts as unknown. */
  price(attempt: Attempt, tenant: string | null): Cost;
}
