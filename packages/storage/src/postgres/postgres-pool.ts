import { destroyPgClient, type PgClient, type PgDriver } from "./pg-driver.ts";

/** Connections for queries, which fail rather than hang or end the process. */
export interface PostgresPool {
  query(sql: string, parameters: readonly unknown[]): Promise<readonly unknown[]>;
  /** Ends all connections at once. */
  destroy(): void;
}

/** A load, a write and one to spare. */
const CONNECTIONS = 3;

/** @param limitMs - longest wait for a connection and for an answer */
export function createPostgresPool({ Pool }: PgDriver, clientOptions: object, limitMs: number): PostgresPool {
  const pool = new Pool({ ...clientOptions, ...limits(limitMs), max: CONNECTIONS, allowExitOnIdle: true });
  const clients = new Set<PgClient>();
  // Without a listener, a server that closes an idle connection ends the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => clients.add(client));
  pool.on("remove", (client) => clients.delete(client));
  return {
    async query(sql, parameters) {
      // Several statements at once are possible in the simple protocol alone, which has no parameters.
      const { rows } = await (parameters.length === 0 ? pool.query(sql) : pool.query(sql, parameters));
      return rows;
    },
    destroy() {
      pool.end().catch(() => {});
      for (const client of clients) destroyPgClient(client);
    },
  };
}

/** Options of node-postgres: without them it waits for ever. */
export function limits(limitMs: number): object {
  return { connectionTimeoutMillis: limitMs, query_timeout: limitMs, keepAlive: true };
}
