import type { Lease, SharedSlots } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import type { EngineAccess } from "../access/engine-access.ts";
import { checkName } from "../contract/check-name.ts";
import { checkDuration } from "../contract/check-number.ts";
import { invalid } from "../contract/invalid.ts";
import type { AcquireReply } from "../contract/state-engine.ts";
import { createLocalShare } from "./local-share.ts";

/** Options of {@link createSlots}. */
export interface SlotsOptions {
  readonly access: EngineAccess;
  /** The process, for taking turns. */
  readonly processId: string;
}

/** Delay of a process that has used its share in an outage, milliseconds. */
const OUTAGE_WAIT_MS = 50;

/**
 * Creates the slots of an engine. In an outage, each process has its share: the limit divided by the processes that were alive. A process
 * that was never connected rejects, because it does not know its share. The same while leases that the engine has lost are missing.
 */
export function createSlots({ access, processId }: SlotsOptions): SharedSlots {
  const local = createLocalShare();
  let leases = 0;

  function takeShare(key: string, limit: number, thrown: unknown): Lease | { readonly waitMs: number } {
    const processes = access.processes();
    const isOutage = thrown instanceof StorageError && thrown.code === "unavailable" && thrown.retryable;
    if (!isOutage || processes === null) throw thrown;
    const share = Math.max(1, Math.floor(limit / Math.max(1, processes)));
    return local.take(key, share) ?? { waitMs: OUTAGE_WAIT_MS };
  }

  return {
    async acquire(key, limit, ttlMs) {
      checkName("key", key);
      if (!(limit >= 1)) throw invalid("limit", "expected a number of at least 1");
      const ttl = checkDuration("ttlMs", ttlMs);
      leases += 1;
      const lease = `${processId}.${leases}`;
      const input = { key, limit: Math.min(Math.floor(limit), 1e9), ttlMs: ttl, holder: processId, lease };
      let reply: AcquireReply;
      try {
        if (access.mayMissWrites()) await access.whenComplete("no");
        reply = await access.call((engine, signal) => engine.acquire(input, signal));
      } catch (thrown) {
        return takeShare(key, input.limit, thrown);
      }
      if ("waitMs" in reply) return reply;
      const uncount = local.count(key);
      return {
        renew: () => access.call((engine, signal) => engine.renew(key, lease, ttl, signal)),
        // If this fails, the lease ends by itself.
        release() {
          uncount();
          return access.call((engine, signal) => engine.release(key, lease, signal));
        },
      };
    },
  };
}
