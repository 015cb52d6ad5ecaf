import type { OwnPool, Pool } from "./pool.ts";
import type { PoolSource } from "./pool-source.ts";

/** The connection pools of a transport. */
export interface Connections {
  /** The pool of the source, or a newer one after the server closed a connection of the former. */
  of(origin: string, source: PoolSource): Pool;
  /**
   * The server closed a connection before it answered. Other idle connections may be dead, too, so following requests use a new pool;
   * otherwise the next attempt could meet the next dead connection. Requests in flight keep their connections.
   */
  renew(origin: string, source: PoolSource, used: Pool): void;
}

interface Renewed {
  readonly source: PoolSource;
  readonly pool: OwnPool;
}

/** How many origins may have a renewed pool. */
const MAX_RENEWED = 100;

/** Creates the connections of one transport. */
export function createConnections(): Connections {
  const renewed = new Map<string, Renewed>();

  function current(origin: string, source: PoolSource): Pool {
    const known = renewed.get(origin);
    return known?.source === source ? known.pool : source.pool;
  }

  function forget(origin: string): void {
    // `close` waits for the requests in flight.
    renewed
      .get(origin)
      ?.pool.close()
      .catch(() => {});
    renewed.delete(origin);
  }

  return {
    of: (origin, source) => (renewed.size === 0 ? source.pool : current(origin, source)),
    renew(origin, source, used) {
      // When many requests fail at once, only the first one renews the pool.
      if (current(origin, source) !== used) return;
      forget(origin);
      const [oldest] = renewed.keys();
      if (renewed.size >= MAX_RENEWED && oldest !== undefined) forget(oldest);
      renewed.set(origin, { source, pool: source.fresh() });
    },
  };
}

/** Error codes of a connection that the server closed. */
const CLOSED_BY_SERVER: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** Whether a request failed because the server closed its connection. */
export function isClosedByServer(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && CLOSED_BY_SERVER.has(thrown.code);
}
