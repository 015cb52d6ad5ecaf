import type { Clock } from "../clock.ts";
import type { ClientConfig } from "../config/client-config.ts";
import type { ResolvedProvider } from "../config/resolve-config.ts";
import type { Env } from "../env.ts";
import type { Breaker, LinkRef } from "../health/breaker.ts";
import type { LinkStats } from "../health/link-stats.ts";
import type { RetryBudget } from "../health/retry-budget.ts";
import type { SharedProbes } from "../health/shared-probes.ts";
import type { ConcurrencyLimiter } from "../limit/concurrency-limiter.ts";
import type { Logger } from "../logger.ts";

/** What the calls of one client share. */
export interface Engine {
  readonly config: ClientConfig;
  readonly clock: Clock;
  readonly env: Env;
  readonly random: () => number;
  readonly logger: Logger;
  readonly breaker: Breaker;
  readonly probes: SharedProbes;
  readonly budget: RetryBudget;
  readonly stats: LinkStats;
  refOf(resolved: Pick<ResolvedProvider, "provider" | "model" | "credentials">): LinkRef;
  limiterOf(resolved: Pick<ResolvedProvider, "provider" | "credentials">): ConcurrencyLimiter;
  /** The limiter that calls of a link seen before go through. */
  limiterOfLink(provider: ResolvedProvider["provider"], link: LinkRef): ConcurrencyLimiter;
}
