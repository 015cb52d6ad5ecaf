import type { AttemptGate } from "../contract/attempt-gate.ts";
import type { Breaker } from "../contract/breaker.ts";
import type { Clock } from "../contract/clock.ts";
import type { Env } from "../contract/env.ts";
import type { LinkRef } from "../contract/link.ts";
import type { Logger } from "../contract/logger.ts";
import type { Provider } from "../contract/provider.ts";
import type { LinkStats } from "../health/link-stats.ts";
import type { RetryBudget } from "../health/retry-budget.ts";
import type { SharedProbes } from "../health/shared-probes.ts";
import type { ConcurrencyLimiter } from "../limit/concurrency-limiter.ts";
import type { StartPacer } from "../limit/start-pacer.ts";
import type { Observing } from "../observe/observing.ts";
import type { Pricing } from "../observe/pricing.ts";
import type { SeamGuard } from "../observe/seam-guard.ts";
import type { ClientConfig } from "../plan/client-config.ts";
import type { Routing } from "../plan/routing.ts";
import type { KnownEndpoints } from "./attempt/known-endpoints.ts";

/** The state that the calls of one client share. */
export interface Engine {
  readonly config: ClientConfig;
  readonly clock: Clock;
  readonly env: Env;
  readonly random: () => number;
  readonly logger: Logger;
  readonly breaker: Breaker;
  readonly probes: SharedProbes;
  readonly budget: RetryBudget;
  readonly startPacer: StartPacer;
  readonly stats: LinkStats;
  readonly observing: Observing;
  readonly endpoints: KnownEndpoints;
  readonly gates: readonly AttemptGate[];
  readonly pricing: Pricing;
  readonly routing: Routing;
  /** Catches and logs errors of observers, gates, pricers and routers. */
  readonly guard: SeamGuard;
  /** The limiter of calls in flight to a provider with one key. */
  limiterOf(provider: Provider, link: LinkRef): ConcurrencyLimiter;
}
