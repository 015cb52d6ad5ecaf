/** A slot of a concurrency limit that several processes share, held for a limited time. */
export interface Lease {
  /** Extends the lease by its time to live. `false`: it had expired, and another process may hold the slot. */
  renew(): Promise<boolean>;
  /** Releases the slot. Called once. */
  release(): Promise<void> | void;
}

/**
 * A concurrency limit that several processes share. Each process keeps its own queue, priorities and fairness between agents; only the
 * call at the head of the queue acquires a lease, one at a time for each key. A lease is renewed after a third of its time to live.
 *
 * While `acquire` fails or times out, each process applies its local limit and retries `acquire` every second.
 */
export interface SharedSlots {
  /**
   * Acquires a lease of one of `limit` slots, or returns the delay after which to try again.
   *
   * @param key - keyed hash of provider and key in use; the same in all processes that share `BABYLON_HASH_SECRET`
   * @param limit - the configured maximum of calls in flight
   * @param ttlMs - the time to live of the lease without renewal
   */
  acquire(key: string, limit: number, ttlMs: number): Promise<Lease | { readonly waitMs: number }>;
}
