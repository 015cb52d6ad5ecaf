/** A place that a process holds among the calls in flight of several processes. */
export interface Lease {
  /** Prolongs the lease by its time to live. `false`: it had expired, and the place may be somebody else's. */
  renew(): Promise<boolean>;
  /** Gives the place back. Called once. */
  release(): Promise<void> | void;
}

/**
 * A concurrency limit that processes share. Each process keeps its own queue, priorities and fairness between agents; only the call at
 * the head of the queue asks for a lease, one at a time for each key. A lease is renewed at a third of its time to live.
 *
 * While `acquire` fails, or does not answer in time, each process goes by its own limit, and asks again every second.
 */
export interface SharedSlots {
  /**
   * A lease of one of `limit` places, or how long to wait before asking again.
   *
   * @param key - provider and key in use, as a keyed hash (`BABYLON_HASH_SECRET` makes it the same in all processes)
   * @param limit - the configured maximum of calls in flight
   * @param ttlMs - how long the lease lasts without being renewed
   */
  acquire(key: string, limit: number, ttlMs: number): Promise<Lease | { readonly waitMs: number }>;
}
