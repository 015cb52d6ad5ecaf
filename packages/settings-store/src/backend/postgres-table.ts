import type { Clock } from "@babylon/llm-core";
import { type QueryPostgres, quoteIdentifier } from "@babylon/storage";
import { pause } from "@babylon/storage/time";
import { refuseOtherMajor } from "./incompatible-store.ts";
import { columnOf, layoutOf, type TableLayout } from "./table-layout.ts";

/** A table of a Postgres database. */
export interface PostgresTable {
  readonly schema: string;
  readonly table: string;
  readonly layout: TableLayout;
  readonly location: string;
  /** Whether a Keyv adapter creates the table, too. Concurrent creation fails for one of the two, so the adapter goes first. */
  readonly hasAdapter: boolean;
  readonly clock: Clock;
}

const COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2";

const UNIQUE_INDEXES = `SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
  JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE indisunique AND indisvalid AND nspname = $1 AND relname = $2`;

/** How often to check for the adapter's table before creating it, 20 ms apart. An adapter needs far less than 200 ms. */
const MAX_CHECKS = 10;

/**
 * Waits until the table can be written safely, and creates it if no adapter does. Throws `incompatible_store` for a table of the other
 * major version of Keyv.
 */
export async function preparePostgresTable(
  table: PostgresTable,
  query: QueryPostgres,
  signal: AbortSignal,
): Promise<void> {
  if (await waitForTable(table, query, signal, table.hasAdapter ? MAX_CHECKS : 1)) return;
  try {
    await query(createStatements(table));
  } catch (thrown) {
    // An adapter may have created it in the meantime, or be creating it.
    if (!(await waitForTable(table, query, signal, MAX_CHECKS))) throw thrown;
  }
}

async function waitForTable(
  table: PostgresTable,
  query: QueryPostgres,
  signal: AbortSignal,
  maxChecks: number,
): Promise<boolean> {
  for (let check = 1; ; check++) {
    if (await isReady(table, query)) return true;
    if (check >= maxChecks || signal.aborted) return false;
    await pause(table.clock, 20, signal);
  }
}

/** Without the unique index two concurrent first writes would both succeed; the adapter for Keyv 6 creates it in a separate step. */
async function isReady({ schema, table, layout, location }: PostgresTable, query: QueryPostgres): Promise<boolean> {
  const columns = columnOf(await query(COLUMNS, [schema, table]), "column_name").map(String);
  const found = layoutOf(columns);
  refuseOtherMajor(found, layout, location);
  if (found === null || (found === "keyv-6" && !columns.includes("expires"))) return false;
  return (await query(UNIQUE_INDEXES, [schema, table])).length > 0;
}

/** The same table as the adapters of Keyv create (6.0.0-beta.4 for Keyv 6, 2.2.3 for Keyv 5), by one process at a time. */
function createStatements({ schema, table, layout }: PostgresTable): string {
  const name = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  const index = (kind: string) => quoteIdentifier(`${table}_${kind}_idx`);
  const statements = [`SELECT pg_advisory_xact_lock(${LOCK})`];
  if (schema !== "public") statements.push(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`);
  if (layout === "keyv-5") {
    statements.push(`CREATE TABLE IF NOT EXISTS ${name}(key VARCHAR(255) PRIMARY KEY, value TEXT)`);
  } else {
    statements.push(
      `CREATE TABLE IF NOT EXISTS ${name}(key VARCHAR(255) NOT NULL, value TEXT, namespace VARCHAR(255) DEFAULT NULL, expires BIGINT DEFAULT NULL)`,
      `ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS expires BIGINT DEFAULT NULL`,
      `CREATE UNIQUE INDEX IF NOT EXISTS ${index("key_namespace")} ON ${name} (key, COALESCE(namespace, ''))`,
      `CREATE INDEX IF NOT EXISTS ${index("expires")} ON ${name} (expires) WHERE expires IS NOT NULL`,
    );
  }
  return statements.join("; ");
}

/** The key of the advisory lock, an arbitrary number: the bytes of "baby". */
const LOCK = 0x62616279;
