import type { SharedSlots } from "@babylon/llm-core";
import type { EngineAccess } from "../access/engine-access.ts";
import { checkName } from "../contract/check-name.ts";
import { checkDuration } from "../contract/check-number.ts";
import { invalid } from "../contract/invalid.ts";

/** Options of {@link createSlots}. */
export interface SlotsOptions {
  readonly access: EngineAccess;
  /** The process, for taking turns. */
  readonly processId: string;
}

/** Creates the slots of an engine. */
export function createSlots({ access, processId }: SlotsOptions): SharedSlots {
  let leases = 0;
  return {
    async acquire(key, limit, ttlMs) {
      checkName("key", key);
      if (!(limit >= 1)) throw invalid("limit", "expected a number of at least 1");
      const ttl = checkDuration("ttlMs", ttlMs);
      leases += 1;
      const lease = `${processId}.${leases}`;
      const input = { key, limit: Math.min(Math.floor(limit), 1e9), ttlMs: ttl, holder: processId, lease };
      const reply = await access.call((engine, signal) => engine.acquire(input, signal));
      if ("waitMs" in reply) return reply;
      return {
        renew: () => access.call((engine, signal) => engine.renew(key, lease, ttl, signal)),
        // If this fails, the lease ends by itself.
        release: () => access.call((engine, signal) => engine.release(key, lease, signal)),
      };
    },
  };
}
