import type { OwnPool, Pool } from "./pool.ts";
import type { PoolSource } from "./pool-source.ts";

/** Which connections a request may use. */
export interface Connections {
  /** The source's own, or newer ones where those were given up by the server. */
  of(origin: string, source: PoolSource): Pool;
  /**
   * The server gave a connection up before it answered. Others that wait to be used again may be as dead, so requests from now on
   * open new ones; otherwise the second attempt would meet the next dead one. Those in use go on.
   */
  renew(origin: string, source: PoolSource, used: Pool): void;
}

interface Renewed {
  readonly source: PoolSource;
  readonly pool: OwnPool;
}

/** How many origins with renewed connections are remembered. */
const REMEMBERED = 100;

/** Creates the connections of one transport. */
export function createConnections(): Connections {
  const renewed = new Map<string, Renewed>();

  function current(origin: string, source: PoolSource): Pool {
    const known = renewed.get(origin);
    return known?.source === source ? known.pool : source.pool;
  }

  function forget(origin: string): void {
    // It waits for the requests that are under way.
    renewed
      .get(origin)
      ?.pool.close()
      .catch(() => {});
    renewed.delete(origin);
  }

  return {
    of: (origin, source) => (renewed.size === 0 ? source.pool : current(origin, source)),
    renew(origin, source, used) {
      // Of many requests that fail at once, the first one has renewed them for all.
      if (current(origin, source) !== used) return;
      forget(origin);
      const [oldest] = renewed.keys();
      if (renewed.size >= REMEMBERED && oldest !== undefined) forget(oldest);
      renewed.set(origin, { source, pool: source.fresh() });
    },
  };
}

/** Errors of a connection that is given up by the other side. */
const CLOSED_BY_SERVER: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** Whether a request failed because the server gave its connection up. */
export function isClosedByServer(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && CLOSED_BY_SERVER.has(thrown.code);
}
