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
  /** Whether a Keyv adapter makes the table too. Of two that make it at once one gets an error, so the adapter goes first. */
  readonly hasAdapter: boolean;
  readonly clock: Clock;
}

const COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2";

const UNIQUE_INDEXES = `SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
  JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE indisunique AND indisvalid AND nspname = $1 AND relname = $2`;

/** How often to look before making the table beside an adapter: 200 ms are long for an adapter that is busy with it. */
const LOOKS = 10;

/**
 * Waits until the table can be written safely, and makes it where nobody else does. Throws `incompatible_store` where it is of the other
 * major version of Keyv.
 */
export async function preparePostgresTable(
  use: PostgresTable,
  query: QueryPostgres,
  signal: AbortSignal,
): Promise<void> {
  if (await waitForTable(use, query, signal, use.hasAdapter ? LOOKS : 1)) return;
  try {
    await query(makeStatements(use));
  } catch (thrown) {
    // An adapter made it meanwhile, or is just doing so.
    if (!(await waitForTable(use, query, signal, LOOKS))) throw thrown;
  }
}

async function waitForTable(
  use: PostgresTable,
  query: QueryPostgres,
  signal: AbortSignal,
  looks: number,
): Promise<boolean> {
  for (let look = 1; ; look++) {
    if (await isReady(use, query)) return true;
    if (look >= looks || signal.aborted) return false;
    await pause(use.clock, 20, signal);
  }
}

/** Without the unique index two first writes would both succeed; the adapter for Keyv 6 makes it in a step of its own. */
async function isReady({ schema, table, layout, location }: PostgresTable, query: QueryPostgres): Promise<boolean> {
  const columns = columnOf(await query(COLUMNS, [schema, table]), "column_name").map(String);
  const found = layoutOf(columns);
  refuseOtherMajor(found, layout, location);
  if (found === null || (found === "keyv-6" && !columns.includes("expires"))) return false;
  return (await query(UNIQUE_INDEXES, [schema, table])).length > 0;
}

/** What the adapters of Keyv make: 6.0.0-beta.4 for Keyv 6 and 2.2.3 for Keyv 5. The lock lets one process at a time make it. */
function makeStatements({ schema, table, layout }: PostgresTable): string {
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

/** Any number that nothing else is likely to lock: the bytes of "baby". */
const LOCK = 0x62616279;
