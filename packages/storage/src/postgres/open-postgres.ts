import { type ImportDriver, importDriver } from "../import-driver.ts";
import type { Subscription, SubscriptionListener } from "../open-subscription.ts";
import type { PostgresUrl } from "../parse-storage-url.ts";
import { createReconnecting } from "../reconnecting.ts";
import type { StorageCallOptions } from "../storage-call-options.ts";
import { listenPostgres } from "./listen-postgres.ts";
import { loadPgDriver } from "./pg-driver.ts";
import { isMissingTable, postgresError } from "./postgres-errors.ts";
import { createPostgresPool, limits, type PostgresPool } from "./postgres-pool.ts";

/** Runs one statement, or without parameters several statements in one transaction. */
export type QueryPostgres = (sql: string, parameters?: readonly unknown[]) => Promise<readonly unknown[]>;

/** A Postgres database. Connections are lazy. Calls fail with `StorageError`, or with the error of `prepare`. */
export interface PostgresStorage {
  readonly kind: "postgres";
  /** A URL without credentials and options. */
  readonly location: string;
  readonly secrets: readonly string[];
  /** Runs one statement and returns its rows. */
  query(sql: string, parameters: readonly unknown[], options: StorageCallOptions): Promise<readonly unknown[]>;
  /**
   * Runs several statements in one transaction of one connection. Nothing of it is stored if the work throws, which also closes the
   * connection. Errors of the work that are not errors of statements are passed on.
   */
  transaction<T>(work: (query: QueryPostgres) => Promise<T>, options: StorageCallOptions): Promise<T>;
  /**
   * Listens over a separate connection that runs no other statement: PgBouncer in transaction mode delivers notifications only during a
   * query, so this process would receive its own messages although it misses those of others.
   */
  listen(channel: string, listener: SubscriptionListener, signal: AbortSignal): Promise<Subscription>;
  /** Calls back when a connection was opened after another one had failed: it may be to another server. Set at most once. */
  onReconnect(listener: () => void): void;
  /** Closes all connections except those that listen. Calls fail afterwards. */
  close(): Promise<void>;
}

/** Options of {@link openPostgres}. */
export interface PostgresOptions {
  /** The limit for connecting and for each query, milliseconds. */
  readonly limitMs: number;
  /** Options of node-postgres in addition to the URL, such as `ssl`. */
  readonly clientOptions?: object | undefined;
  /** Default `import()`. */
  readonly importPackage?: ImportDriver | undefined;
  /** Runs with each new pool, and again after a table was missing: creates missing tables. */
  readonly prepare?: ((query: QueryPostgres, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Creates the storage of a URL. Throws `unavailable` when `pg` is not installed; does not connect yet. */
export async function openPostgres(url: PostgresUrl, options: PostgresOptions): Promise<PostgresStorage> {
  const { location, secrets } = url;
  const { limitMs, importPackage = importDriver, prepare } = options;
  const driver = await loadPgDriver(importPackage);
  const clientOptions = { ...options.clientOptions, connectionString: url.url };
  let onReconnect = (): void => {};
  const database = createReconnecting<PostgresPool>(openPool, (pool) => pool.destroy());

  function rethrow(thrown: unknown): never {
    throw postgresError(thrown, "no", secrets);
  }

  /** Converts the error of a statement in a transaction, of which nothing is stored then. */
  function rethrowFrom(pool: PostgresPool): (thrown: unknown) => never {
    return (thrown) => {
      if (isMissingTable(thrown)) database.drop(pool);
      rethrow(thrown);
    };
  }

  async function openPool(signal: AbortSignal): Promise<PostgresPool> {
    const pool = createPostgresPool(driver, clientOptions, limitMs, () => onReconnect());
    const onAbort = () => void pool.destroy();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await prepare?.((sql, parameters = []) => pool.query(sql, parameters).catch(rethrow), signal);
      return pool;
    } catch (thrown) {
      await pool.destroy();
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
        // A query without an answer fails after node-postgres's `query_timeout`, which also removes its connection from the pool.
        return await pool.query(sql, parameters);
      } catch (thrown) {
        if (isMissingTable(thrown)) database.drop(pool);
        throw postgresError(thrown, applied, secrets);
      }
    },
    async transaction(work, { signal, applied }) {
      const pool = await database.get(signal);
      let ofWork: unknown;
      try {
        return await pool.transaction((query) =>
          work((sql, parameters) => query(sql, parameters).then(({ rows }) => rows, rethrowFrom(pool))).catch(
            (thrown: unknown) => {
              ofWork = thrown;
              throw thrown;
            },
          ),
        );
      } catch (thrown) {
        if (thrown === ofWork) throw thrown;
        throw postgresError(thrown, applied, secrets);
      }
    },
    listen: (channel, listener, signal) =>
      listenPostgres(driver, { ...clientOptions, ...limits(limitMs) }, channel, listener, signal).catch(rethrow),
    onReconnect(listener) {
      onReconnect = listener;
    },
    close: () => database.close(),
  };
}
