import type { CallOptions } from "../call-options.ts";
import { holdSubscription, type Subscription, type SubscriptionListener } from "../hold-subscription.ts";
import { type ImportDriver, importDriver } from "../import-driver.ts";
import type { PostgresUrl } from "../parse-storage-url.ts";
import { quoteIdentifier } from "../quote-identifier.ts";
import { createReconnecting } from "../reconnecting.ts";
import { destroyPgClient, loadPgDriver } from "./pg-driver.ts";
import { isMissingTable, postgresError } from "./postgres-errors.ts";
import { createPostgresPool, limits, type PostgresPool } from "./postgres-pool.ts";

/** Runs one statement, or several in one transaction where there are no parameters. */
export type QueryPostgres = (sql: string, parameters?: readonly unknown[]) => Promise<readonly unknown[]>;

/** A Postgres database, connected when it is used. Calls fail with `StorageError`, or with what `prepare` throws. */
export interface PostgresStorage {
  readonly kind: "postgres";
  /** A URL without credentials and options. */
  readonly location: string;
  readonly secrets: readonly string[];
  /** Runs one statement; the rows that it returns. */
  query(sql: string, parameters: readonly unknown[], options: CallOptions): Promise<readonly unknown[]>;
  /**
   * Listens over a connection of its own, on which nothing else runs: PgBouncer in transaction mode delivers notifications during a query,
   * and a message of this process to itself would then arrive although the messages of others do not.
   */
  listen(channel: string, listener: SubscriptionListener, signal: AbortSignal): Promise<Subscription>;
  /** Ends all connections but those that listen. Calls fail from then on. */
  close(): Promise<void>;
}

/** How a database is opened. */
export interface PostgresOptions {
  /** Longest wait for a connection and for an answer, milliseconds. */
  readonly limitMs: number;
  /** Options of node-postgres beside the URL, such as `ssl`. */
  readonly clientOptions?: object | undefined;
  /** Default `import()`. */
  readonly importPackage?: ImportDriver | undefined;
  /** Called with each new pool, and again after a table was missing: makes what is missing. */
  readonly prepare?: ((query: QueryPostgres, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Opens what a URL names. Throws `unavailable` where `pg` is not installed; the server is not contacted yet. */
export async function openPostgres(url: PostgresUrl, options: PostgresOptions): Promise<PostgresStorage> {
  const { location, secrets } = url;
  const { limitMs, importPackage = importDriver, prepare } = options;
  const driver = await loadPgDriver(importPackage);
  const clientOptions = { ...options.clientOptions, connectionString: url.url };
  const database = createReconnecting<PostgresPool>(openPool, async (pool) => pool.destroy());

  function refuse(thrown: unknown): never {
    throw postgresError(thrown, "no", secrets);
  }

  async function openPool(signal: AbortSignal): Promise<PostgresPool> {
    const pool = createPostgresPool(driver, clientOptions, limitMs);
    const onAbort = () => pool.destroy();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await prepare?.((sql, parameters = []) => pool.query(sql, parameters).catch(refuse), signal);
      return pool;
    } catch (thrown) {
      pool.destroy();
      throw thrown;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  return {
    kind: "postgres",
    location,
    secrets,
    async query(sql, parameters, { signal, applied }) {
      const pool = await database.get(signal);
      try {
        // A statement that gets no answer ends by node-postgres's own limit, which takes its connection out of the pool.
        return await pool.query(sql, parameters);
      } catch (thrown) {
        if (isMissingTable(thrown)) database.drop(pool);
        throw postgresError(thrown, applied, secrets);
      }
    },
    listen(channel, { onMessage, onLost }, signal) {
      const client = new driver.Client({ ...clientOptions, ...limits(limitMs) });
      client.on("notification", (event) => {
        if (typeof event !== "object" || event === null || !("payload" in event)) return;
        if (typeof event.payload === "string") onMessage(event.payload);
      });
      const begin = async () => {
        await client.connect();
        client.unref();
        await client.query(`LISTEN ${quoteIdentifier(channel)}`);
      };
      const destroy = () => destroyPgClient(client);
      return holdSubscription({ client, begin, destroy, onLost, signal }).catch(refuse);
    },
    close: () => database.close(),
  };
}
