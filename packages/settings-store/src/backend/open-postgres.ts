import type { Clock } from "@babylon/llm-core";
import { pause } from "../deadline.ts";
import { SettingsError } from "../settings-error.ts";
import { listenForErrors } from "./error-events.ts";
import type { AdapterClass } from "./import-adapter.ts";
import { refuseOtherMajor } from "./incompatible-store.ts";
import { destroyPgClient, type PgClientClass } from "./pg-driver.ts";
import type { OpenedPostgres } from "./postgres-backend.ts";
import { createPostgresClients } from "./postgres-clients.ts";
import { columnOf, layoutOf, quoteIdentifier, type SqlAdapter, type TableLayout } from "./sql-adapter.ts";

/** A Postgres table to open with an adapter of Keyv 5 or 6. */
export interface PostgresTable {
  readonly Adapter: AdapterClass;
  readonly Client: PgClientClass;
  readonly uri: string;
  /** Options of node-postgres that the adapter hands on, such as `ssl`. */
  readonly clientOptions: object;
  readonly schema: string;
  readonly table: string;
  readonly location: string;
  /** Longest wait for a connection and for an answer, milliseconds. */
  readonly limitMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** A load, a write and one to spare. */
const CONNECTIONS = 3;

const COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2";

const UNIQUE_INDEXES = `SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
  JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE indisunique AND indisvalid AND nspname = $1 AND relname = $2`;

/**
 * Opens the adapter over connections of its own, with limits of time that it passes to node-postgres, and waits until its table can
 * be written safely.
 */
export async function openPostgres(use: PostgresTable, signal: AbortSignal): Promise<OpenedPostgres> {
  const clients = createPostgresClients(use.Client);
  signal.addEventListener("abort", () => clients.destroy(), { once: true });
  const wanted: TableLayout = isVersion5(use.Adapter) ? "keyv-5" : "keyv-6";
  try {
    refuseOtherMajor(await findLayout(use, signal), wanted, use.location);
    const adapter = createAdapter(use, clients.Client);
    listenForErrors(adapter);
    const query = queryOf(adapter, wanted);
    await waitForTable(query, use, signal);
    return { query, layout: wanted, close: async () => clients.destroy() };
  } catch (thrown) {
    clients.destroy();
    throw thrown;
  }
}

/** The version for Keyv 5 declares that it has no expiry of its own; the one for Keyv 6 has no such property. */
function isVersion5(Adapter: AdapterClass): boolean {
  return !("capabilities" in Adapter.prototype);
}

/** Looks at the table before the adapter does, because the adapter converts what another major version made. */
async function findLayout({ Client, uri, clientOptions, schema, table, limitMs }: PostgresTable, signal: AbortSignal) {
  const client = new Client({
    ...clientOptions,
    connectionString: uri,
    connectionTimeoutMillis: limitMs,
    query_timeout: limitMs,
  });
  client.on("error", () => {});
  const onAbort = () => destroyPgClient(client);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await client.connect();
    const { rows } = await client.query(COLUMNS, [schema, table]);
    return layoutOf(columnOf(rows, "column_name").map(String));
  } finally {
    signal.removeEventListener("abort", onAbort);
    destroyPgClient(client);
  }
}

function createAdapter(use: PostgresTable, Client: PgClientClass): object {
  // Both majors share pools between adapters: version 6 by URI and options, version 5 by URI alone. A name of our own in both
  // keeps this pool to this store.
  const name = `babylon-settings-${Math.floor(use.random() * 2 ** 32).toString(36)}`;
  const adapter = new use.Adapter({
    ...use.clientOptions,
    uri: withApplicationName(use.uri, name),
    application_name: name,
    schema: use.schema,
    table: use.table,
    Client,
    max: CONNECTIONS,
    allowExitOnIdle: true,
    connectionTimeoutMillis: use.limitMs,
    query_timeout: use.limitMs,
  });
  return adapter;
}

function withApplicationName(uri: string, name: string): string {
  return `${uri}${uri.includes("?") ? "&" : "?"}application_name=${name}`;
}

type Query = OpenedPostgres["query"];

function queryOf(adapter: object, layout: TableLayout): Query {
  if (isSqlAdapter(adapter)) return (sql, parameters) => adapter.query(sql, parameters);
  throw new SettingsError({
    code: "incompatible_store",
    message: `this version of @keyv/postgres (${layout}) has no query`,
  });
}

function isSqlAdapter(value: object): value is SqlAdapter {
  return "query" in value && typeof value.query === "function";
}

/**
 * The adapter makes its table and, in version 6, its unique index in separate steps, and of several processes that start at once only
 * one gets through all of them. Without the index two first writes would both succeed.
 */
async function waitForTable(query: Query, { schema, table, clock }: PostgresTable, signal: AbortSignal): Promise<void> {
  for (let round = 1; !signal.aborted; round++) {
    const rows = await query(UNIQUE_INDEXES, [schema, table]);
    if (Array.isArray(rows) && rows.length > 0) return;
    if (round === ROUNDS_BEFORE_HELP) await makeIndex(query, schema, table);
    await pause(clock, 20, signal);
  }
}

/** How often to look before making the index: 200 ms are long for the process that is busy with it. */
const ROUNDS_BEFORE_HELP = 10;

async function makeIndex(query: Query, schema: string, table: string): Promise<void> {
  const name = quoteIdentifier(`${table}_key_namespace_idx`);
  const on = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  await query(`CREATE UNIQUE INDEX IF NOT EXISTS ${name} ON ${on} (key, COALESCE(namespace, ''))`, []).catch(() => {});
}
