import type { Engine } from "./call/engine.ts";
import { hasMethods } from "./check/check-client-options.ts";
import type { LLMClientOptions } from "./client-options.ts";
import { systemClock } from "./clock.ts";
import { DEFAULT_BREAKER, mergeDefined, toClientConfig } from "./config/client-config.ts";
import { processEnv, readEnv } from "./env.ts";
import type { Breaker, LinkRef } from "./health/breaker.ts";
import { createBreaker } from "./health/create-breaker.ts";
import { fingerprint } from "./health/fingerprint.ts";
import { createLinkStats } from "./health/link-stats.ts";
import { createRetryBudget } from "./health/retry-budget.ts";
import { createSharedProbes } from "./health/shared-probes.ts";
import { type ConcurrencyLimiter, createConcurrencyLimiter } from "./limit/concurrency-limiter.ts";
import { silentLogger, tolerantLogger } from "./logger.ts";
import type { Provider } from "./provider.ts";

/** Limiters kept before idle ones are dropped; tenants' keys come and go. */
const SWEEP_AT = 1_000;

/** Calls with a tenant's own key have a limiter of their own; all others share the provider's. */
const nameOf = (provider: string, credential: string): string => `${provider}\n${credential}`;

function isBreaker(breaker: LLMClientOptions["breaker"]): breaker is Breaker {
  return hasMethods(breaker, "read", "begin", "end", "rest", "revive");
}

/** Sets up what the calls of a client share. */
export function createEngine(options: LLMClientOptions): Engine {
  const { clock = systemClock, random = Math.random } = options;
  const logger = options.logger === undefined ? silentLogger : tolerantLogger(options.logger);
  const config = toClientConfig(options);
  const limiters = new Map<string, ConcurrencyLimiter>();
  const currentEnv = () => options.env ?? processEnv();

  function limiterNamed(name: string, provider: Provider): ConcurrencyLimiter {
    let limiter = limiters.get(name);
    if (limiter === undefined) {
      if (limiters.size >= SWEEP_AT) {
        for (const [old, { active, queued }] of limiters) if (active + queued === 0) limiters.delete(old);
      }
      limiter = createConcurrencyLimiter(config.maxConcurrency(provider));
      limiters.set(name, limiter);
    }
    return limiter;
  }

  /** The ref of each provider's latest call with the operator's own key: mostly the next call's too. */
  const latestRefs = new Map<string, { readonly key: string | undefined; readonly ref: LinkRef }>();

  return {
    config,
    clock,
    random,
    logger,
    get env() {
      return currentEnv();
    },
    breaker: isBreaker(options.breaker)
      ? options.breaker
      : createBreaker(mergeDefined(DEFAULT_BREAKER, options.breaker), clock, random),
    probes: createSharedProbes(clock),
    budget: createRetryBudget(clock),
    stats: createLinkStats(clock),
    // A changed key is another credential: what the old one did wrong is not held against it.
    refOf({ provider, model, credentials }) {
      const key = credentials?.apiKey ?? readEnv(currentEnv(), provider.envKey);
      const known = latestRefs.get(provider.id);
      if (known !== undefined && known.key === key && known.ref.model === model) return known.ref;
      const ref = { provider: provider.id, model, credential: key === undefined ? "" : fingerprint(key) };
      if (credentials === null) latestRefs.set(provider.id, { key, ref });
      return ref;
    },
    limiterOf: ({ provider, credentials }) =>
      limiterNamed(credentials === null ? provider.id : nameOf(provider.id, fingerprint(credentials.apiKey)), provider),
    limiterOfLink(provider, { credential }) {
      const own = nameOf(provider.id, credential);
      return limiterNamed(limiters.has(own) ? own : provider.id, provider);
    },
  };
}
