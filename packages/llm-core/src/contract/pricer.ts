import type { Attempt } from "./attempt.ts";
import type { Cost } from "./cost.ts";

/** Prices attempts. Must be synchronous, pure and fast: it runs at the end of each attempt. */
export interface Pricer {
  /** If it throws or does not return a {@link Cost}, the failure is logged and the cost is unknown. */
  price(attempt: Attempt, tenant: string | null): Cost;
  /**
   * The most that an attempt with these tokens can cost, in billionths of a US dollar: at the highest rate that may apply to any of
   * them. `null`: no price is known. Without this method, a budget prices the tokens as uncached ones of the standard tier.
   */
  highest?(ask: PriceAsk): number | null;
}

/** An attempt that may be made. */
export interface PriceAsk {
  readonly provider: string;
  readonly model: string;
  readonly tenant: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A pricer that the first call loads, and waits for at most two seconds. */
export interface LazyPricer {
  /** Called once. If it rejects, the failure is logged and all costs are unknown. */
  load(): Promise<Pricer>;
}
