import { destroyPgClient, type PgClient, type PgClientClass } from "./pg-driver.ts";

/** The clients that an adapter's pool made. */
export interface PostgresClients {
  /** To be given to the pool as its `Client`. */
  readonly Client: PgClientClass;
  /** Ends all of them at once. */
  destroy(): void;
}

/**
 * Clients for a pool that cannot be reached: `@keyv/postgres` keeps its pool to itself, and a pool without an error listener ends
 * the process when the server closes an idle connection (measured with both of its major versions, 2026-11). So the clients it
 * makes swallow that error, after the pool has taken note of it.
 */
export function createPostgresClients(Base: PgClientClass): PostgresClients {
  const clients = new Set<PgClient>();

  /** Called with `new`; what a constructor returns takes the place of `this`. */
  function Client(options: object): PgClient {
    const client = new Base(options);
    const emit = client.emit.bind(client);
    client.emit = (event, ...details) => {
      try {
        return emit(event, ...details);
      } catch (thrown) {
        if (event !== "error") throw thrown;
        return true;
      }
    };
    client.on("end", () => clients.delete(client));
    clients.add(client);
    return client;
  }

  return {
    // A function that returns an object works as a class, which TypeScript has no word for.
    Client: Client as unknown as PgClientClass,
    destroy() {
      for (const client of clients) destroyPgClient(client);
      clients.clear();
    },
  };
}
