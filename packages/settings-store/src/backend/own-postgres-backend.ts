import { SettingsError } from "../settings-error.ts";
import type { Backend } from "./backend.ts";
import type { AdapterClass } from "./import-adapter.ts";
import type { OpenContext } from "./open-backend.ts";
import { openPostgres } from "./open-postgres.ts";
import { findPgDriver } from "./pg-driver.ts";
import type { Place } from "./physical-place.ts";
import { createPostgresBackend } from "./postgres-backend.ts";
import { limits } from "./postgres-pool.ts";

/** A table that is reached over connections of the store's own. */
export interface OwnPostgres {
  readonly Adapter: AdapterClass;
  readonly details: {
    readonly uri: string;
    readonly table: string;
    readonly schema: string;
    readonly clientOptions: object;
  };
  readonly place: Place;
  readonly location: string;
}

/** Opens a table with `@keyv/postgres` 2 or 6 over connections of the store's own. */
export async function createOwnPostgresBackend(
  { Adapter, details, place, location }: OwnPostgres,
  { clock, random, limitMs }: OpenContext,
): Promise<Backend> {
  const driver = await findPgDriver();
  if (driver === null) {
    throw new SettingsError({
      code: "unavailable",
      retryable: false,
      message: "postgres:// needs pg, which @keyv/postgres depends on and which was not found: npm install pg@8",
    });
  }
  const { uri, table, schema, clientOptions } = details;
  const toOpen = { Adapter, driver, uri, clientOptions, schema, table, location, limitMs, clock, random };
  const listenOptions = { ...clientOptions, connectionString: uri, ...limits(limitMs) };
  return createPostgresBackend({
    open: (signal) => openPostgres(toOpen, signal),
    createClient: () => new driver.Client(listenOptions),
    schema,
    table,
    place,
    location,
  });
}
