import type { Clock } from "@babylon/llm-core";
import { pause } from "../deadline.ts";
import { refuseOtherMajor } from "./incompatible-store.ts";
import { makeKeyv5Table, makeKeyv6Table, type TableToMake } from "./make-postgres-table.ts";
import type { OpenedPostgres } from "./postgres-backend.ts";
import { createPostgresPool, type PostgresPool } from "./postgres-pool.ts";
import { columnOf, layoutOf, quoteIdentifier, type TableLayout } from "./sql-adapter.ts";

/** A table to open. */
export interface PostgresTable extends TableToMake {
  readonly location: string;
  /** Longest wait for a connection and for an answer, milliseconds. */
  readonly limitMs: number;
  readonly clock: Clock;
}

const COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2";

const UNIQUE_INDEXES = `SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
  JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE indisunique AND indisvalid AND nspname = $1 AND relname = $2`;

/** Opens a table over connections of the store's own, and waits until it can be written safely. */
export async function openPostgres(use: PostgresTable, signal: AbortSignal): Promise<OpenedPostgres> {
  const pool = createPostgresPool(use.driver, { ...use.clientOptions, connectionString: use.uri }, use.limitMs);
  const onAbort = () => pool.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const layout: TableLayout = isKeyv6(use) ? "keyv-6" : "keyv-5";
    const columns = await pool.query(COLUMNS, [use.schema, use.table]);
    const found = layoutOf(columnOf(columns, "column_name").map(String));
    refuseOtherMajor(found, layout, use.location);
    if (found === null) await makeTable(pool, use, layout);
    await waitForIndex(pool, use, signal);
    return { query: pool.query, layout, close: async () => pool.destroy() };
  } catch (thrown) {
    pool.destroy();
    throw thrown;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function makeTable(pool: PostgresPool, use: PostgresTable, layout: TableLayout): Promise<void> {
  try {
    await (layout === "keyv-6" ? makeKeyv6Table(use) : makeKeyv5Table(pool, use));
  } catch (thrown) {
    // Of several processes that make it at once some get an error, and the table is there all the same.
    const columns = await pool.query(COLUMNS, [use.schema, use.table]);
    if (columns.length === 0) throw thrown;
  }
}

/** The adapter for Keyv 6 declares what it can do; the one for Keyv 5 does not. */
function isKeyv6({ Adapter }: TableToMake): boolean {
  return "capabilities" in Adapter.prototype;
}

/** How often to look before making the index: 200 ms are long for the process that is busy with it. */
const LOOKS_BEFORE_HELP = 10;

/**
 * The adapter makes its table and, for Keyv 6, its unique index in separate steps, and of several processes that start at once only one
 * gets through all of them. Without the index two first writes would both succeed.
 */
async function waitForIndex(pool: PostgresPool, use: PostgresTable, signal: AbortSignal): Promise<void> {
  const { schema, table, clock } = use;
  for (let look = 1; !signal.aborted; look++) {
    const rows = await pool.query(UNIQUE_INDEXES, [schema, table]);
    if (rows.length > 0) return;
    if (look === LOOKS_BEFORE_HELP) await makeIndex(pool, use);
    await pause(clock, 20, signal);
  }
}

async function makeIndex(pool: PostgresPool, { schema, table }: PostgresTable): Promise<void> {
  const name = quoteIdentifier(`${table}_key_namespace_idx`);
  const on = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  const sql = `CREATE UNIQUE INDEX IF NOT EXISTS ${name} ON ${on} (key, COALESCE(namespace, ''))`;
  // Another process may be making it too; the next look tells.
  await pool.query(sql, []).catch(() => {});
}
