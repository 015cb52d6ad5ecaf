import { listenForErrors } from "./error-events.ts";
import type { AdapterClass } from "./import-adapter.ts";
import type { PgClient, PgDriver } from "./pg-driver.ts";
import type { PostgresPool } from "./postgres-pool.ts";
import { quoteIdentifier } from "./sql-adapter.ts";

/** A table to be made, by the adapter whose table it is. */
export interface TableToMake {
  readonly Adapter: AdapterClass;
  readonly driver: PgDriver;
  readonly clientOptions: object;
  readonly uri: string;
  readonly schema: string;
  readonly table: string;
  readonly random: () => number;
}

/**
 * Makes the table the way `@keyv/postgres` 2 does. That version keeps one pool for the whole process, so an adapter made for this would
 * get in the way of the caller's own.
 */
export async function makeKeyv5Table(pool: PostgresPool, { schema, table }: TableToMake): Promise<void> {
  const name = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  await pool.query(`CREATE TABLE IF NOT EXISTS ${name}(key VARCHAR(255) PRIMARY KEY, value TEXT)`, []);
}

/**
 * Lets `@keyv/postgres` 6 make its table: an adapter does so when it is created. What goes wrong it tells by an event only, so that
 * is thrown here.
 */
export async function makeKeyv6Table(use: TableToMake): Promise<void> {
  // Adapters with the same options share a pool; the name keeps this one apart from the caller's.
  const application_name = `babylon-settings-${Math.floor(use.random() * 2 ** 32).toString(36)}`;
  const { clientOptions, uri, schema, table, driver } = use;
  const adapter = new use.Adapter({
    ...clientOptions,
    uri,
    schema,
    table,
    application_name,
    max: 1,
    Client: quietClient(driver),
  });
  const errors = listenForErrors(adapter);
  try {
    await callIfThere(adapter, "query", "SELECT 1");
  } finally {
    await callIfThere(adapter, "disconnect");
  }
  if (errors.count() > 0) throw errors.last();
}

async function callIfThere(target: object, name: string, ...given: unknown[]): Promise<void> {
  const method: unknown = Reflect.get(target, name);
  if (typeof method === "function") await Reflect.apply(method, target, given);
}

/**
 * The adapter's pool is out of reach, and without an error listener on it a lost connection would end the process. So its clients
 * swallow that error, after the pool has taken note of it.
 */
function quietClient({ Client }: PgDriver): (options: object) => PgClient {
  // Called with `new`; what a constructor returns takes the place of `this`. An arrow function could not be called so.
  return function QuietClient(options) {
    const client = new Client(options);
    const emit = client.emit.bind(client);
    client.emit = (event, ...details) => {
      try {
        return emit(event, ...details);
      } catch (thrown) {
        if (event !== "error") throw thrown;
        return true;
      }
    };
    return client;
  };
}
