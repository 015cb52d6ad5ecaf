import { hasMethods } from "../check/check-client-options.ts";
import type { Breaker } from "../contract/breaker.ts";
import type { LLMClientOptions } from "../contract/client-options.ts";
import { systemClock } from "../contract/clock.ts";
import { processEnv } from "../contract/env.ts";
import type { LinkRef } from "../contract/link.ts";
import { nonThrowingLogger, silentLogger } from "../contract/logger.ts";
import type { Provider } from "../contract/provider.ts";
import { createBreaker } from "../health/create-breaker.ts";
import { createLinkStats } from "../health/link-stats.ts";
import { createRetryBudget } from "../health/retry-budget.ts";
import { createSharedProbes } from "../health/shared-probes.ts";
import { type ConcurrencyLimiter, createConcurrencyLimiter } from "../limit/concurrency-limiter.ts";
import { createLeaseSource } from "../limit/lease-source.ts";
import { createStartPacer } from "../limit/start-pacer.ts";
import { createObserving } from "../observe/observing.ts";
import { createPricing } from "../observe/pricing.ts";
import { createSeamGuard } from "../observe/seam-guard.ts";
import { toClientConfig } from "../plan/client-config.ts";
import { createRouting } from "../plan/routing.ts";
import { createKnownEndpoints } from "./attempt/known-endpoints.ts";
import type { Engine } from "./engine.ts";

/** Number of limiters from which idle ones are dropped: keys may change often. */
const SWEEP_AT = 1_000;

function isBreaker(breaker: LLMClientOptions["breaker"]): breaker is Breaker {
  return hasMethods(breaker, "read", "begin", "end", "rest", "revive");
}

/** Creates the state that the calls of a client share. */
export function createEngine(options: LLMClientOptions): Engine {
  const { clock = systemClock, random = Math.random } = options;
  const logger = options.logger === undefined ? silentLogger : nonThrowingLogger(options.logger);
  const config = toClientConfig(options);
  const guard = createSeamGuard(clock, logger);
  const limiters = new Map<string, ConcurrencyLimiter>();
  const currentEnv = () => options.env ?? processEnv();

  function createLimiter(limit: number, key: string): ConcurrencyLimiter {
    const { slots } = options;
    // An unlimited provider needs no leases.
    if (slots === undefined || limit === Number.POSITIVE_INFINITY) return createConcurrencyLimiter(limit);
    return createConcurrencyLimiter(limit, { leases: createLeaseSource({ slots, key, limit, clock, guard }), clock });
  }

  function limiterOf(provider: Provider, { credential }: LinkRef): ConcurrencyLimiter {
    const name = `${provider.id}\n${credential}`;
    let limiter = limiters.get(name);
    if (limiter === undefined) {
      if (limiters.size >= SWEEP_AT) {
        for (const [old, { active, queued }] of limiters) if (active + queued === 0) limiters.delete(old);
      }
      limiter = createLimiter(config.maxConcurrency(provider), `${provider.id}:${credential}`);
      limiters.set(name, limiter);
    }
    return limiter;
  }

  return {
    config,
    clock,
    random,
    logger,
    get env() {
      return currentEnv();
    },
    breaker: isBreaker(options.breaker) ? options.breaker : createBreaker(options.breaker, clock, random),
    probes: createSharedProbes(clock),
    budget: createRetryBudget(clock),
    startPacer: createStartPacer(clock),
    stats: createLinkStats(clock),
    observing: createObserving(options.observers ?? [], guard),
    endpoints: createKnownEndpoints(),
    gates: options.gates ?? [],
    pricing: createPricing(options.pricer, guard),
    routing: createRouting(options.router, guard),
    guard,
    limiterOf,
  };
}
