import { openPostgres, type PostgresUrl } from "@babylon/storage";
import type { OpenContext, OpenedBackend } from "./open-context.ts";
import { createPostgresBackend } from "./postgres-backend.ts";
import { preparePostgresTable } from "./postgres-table.ts";
import type { RecordKey } from "./record-key.ts";
import type { TableLayout } from "./table-layout.ts";

/** The location of the record in a database. */
export interface PostgresEntry {
  readonly schema: string;
  readonly table: string;
  readonly layout: TableLayout;
  readonly place: RecordKey;
  /** Options of node-postgres in addition to the URL. */
  readonly clientOptions: object;
  /** Whether a Keyv adapter creates the table, too. */
  readonly hasAdapter: boolean;
}

/** Opens a table of a Postgres database. Throws `unavailable` when `pg` is not installed. */
export async function openPostgresBackend(
  url: PostgresUrl,
  entry: PostgresEntry,
  { clock, limitMs, importPackage }: OpenContext,
): Promise<OpenedBackend> {
  const { schema, table, layout, place, clientOptions, hasAdapter } = entry;
  const toPrepare = { schema, table, layout, hasAdapter, location: url.location, clock };
  const storage = await openPostgres(url, {
    limitMs,
    clientOptions,
    importPackage,
    prepare: (query, signal) => preparePostgresTable(toPrepare, query, signal),
  });
  return { backend: createPostgresBackend({ storage, schema, table, layout, place }), secrets: url.secrets };
}
