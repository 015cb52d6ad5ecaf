import type { BreakerOptions } from "../contract/client-options.ts";

/** {@link BreakerOptions} with all defaults resolved. */
export type BreakerConfig = { readonly [K in keyof BreakerOptions]-?: Exclude<BreakerOptions[K], undefined> };

/** The defaults of the built-in breaker. */
export const DEFAULT_BREAKER: BreakerConfig = {
  consecutiveFailures: 5,
  failureRate: 0.5,
  minimumCalls: 20,
  windowMs: 30_000,
  coolDownMs: 5_000,
  maxCoolDownMs: 10_000,
  credentialCoolDownMs: 300_000,
  maxRestMs: 900_000,
};
