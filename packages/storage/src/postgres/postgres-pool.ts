import { destroyPgClient, type PgClient, type PgDriver, type PgPool } from "./pg-driver.ts";

/** A pool of connections for queries. Failures neither block forever nor terminate the process. */
export interface PostgresPool {
  query(sql: string, parameters: readonly unknown[]): Promise<readonly unknown[]>;
  /** Runs work in one transaction of one connection. If the work fails, the connection is closed, which rolls it back. */
  transaction<T>(work: (query: PgPool["query"]) => Promise<T>): Promise<T>;
  /** Closes all connections at once. */
  destroy(): Promise<void>;
}

/** One for a read, one for a write and one spare. */
const CONNECTIONS = 3;

/** Turns of the event loop that closing takes at most. */
const MAX_CLOSING_TURNS = 10;

/**
 * @param limitMs - limit for connecting and for each query
 * @param onReconnect - called with the first connection that is opened after one has failed
 */
export function createPostgresPool(
  { Pool, Client }: PgDriver,
  clientOptions: object,
  limitMs: number,
  onReconnect: () => void,
): PostgresPool {
  const clients = new Set<PgClient>();
  // The event `connect` comes too late for a client that is still connecting when the pool is destroyed.
  class PoolClient extends Client {
    constructor(options: object) {
      super(options);
      clients.add(this);
      this.on("end", () => clients.delete(this));
    }
  }
  const options = { ...clientOptions, ...limits(limitMs), max: CONNECTIONS, allowExitOnIdle: true, Client: PoolClient };
  const pool = new Pool(options);
  let hasFailed = false;
  const onError = (): void => {
    hasFailed = true;
  };
  // Without a listener, a server that closes an idle connection would terminate the process.
  pool.on("error", onError);
  pool.on("connect", (client) => {
    // A client in use has no listener of the pool.
    client.on("error", onError);
    if (!hasFailed) return;
    hasFailed = false;
    onReconnect();
  });
  pool.on("remove", (client) => clients.delete(client));
  return {
    async query(sql, parameters) {
      // Only the simple protocol, which has no parameters, accepts several statements at once.
      const { rows } = await (parameters.length === 0 ? pool.query(sql) : pool.query(sql, parameters));
      return rows;
    },
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const result = await work((sql, parameters) =>
          parameters === undefined || parameters.length === 0 ? client.query(sql) : client.query(sql, parameters),
        );
        await client.query("COMMIT");
        client.release(false);
        return result;
      } catch (thrown) {
        client.release(true);
        throw thrown;
      }
    },
    async destroy() {
      pool.end().catch(() => {});
      for (const client of clients) destroyPgClient(client);
      // Sockets and timers are released in the next turns of the event loop.
      for (let turn = 0; turn < MAX_CLOSING_TURNS && clients.size > 0; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** Time limits of node-postgres, which has none by default. */
export function limits(limitMs: number): object {
  return { connectionTimeoutMillis: limitMs, query_timeout: limitMs, keepAlive: true };
}
