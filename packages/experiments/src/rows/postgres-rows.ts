import { isRecord } from "@babylon/llm-core";
import { openPostgres, type PostgresUrl } from "@babylon/storage";
import {
  type ColumnValue,
  EXPOSURE_COLUMNS,
  exposureValues,
  OBSERVATION_COLUMNS,
  observationValues,
} from "./columns.ts";
import { createRows } from "./create-rows.ts";
import type { ExperimentRows } from "./experiment-rows.ts";
import type { Statement, Values } from "./sums-sql.ts";
import { createTables, EXPOSURES, MAKE_SECRET, OBSERVATIONS, READ_SECRET } from "./tables.ts";

/** The limit for connecting and for each statement. */
const LIMIT_MS = 20_000;

/** Adds rows that are sent as one JSON parameter: a list of values for each. */
function insertInto(table: string, columns: readonly (readonly [name: string, type: string])[]): string {
  const values = columns.map(([, type], index) => `CAST(r->>${index} AS ${type.replace(" NOT NULL", "")})`);
  return `INSERT INTO ${table} SELECT ${values.join(", ")} FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r ON CONFLICT DO NOTHING`;
}
const ADD_EXPOSURES = insertInto(EXPOSURES, EXPOSURE_COLUMNS);
const ADD_OBSERVATIONS = insertInto(OBSERVATIONS, OBSERVATION_COLUMNS);

/**
 * Two processes that create a table at the same time: one of them fails, although it says IF NOT EXISTS. Tables of earlier versions get the
 * column of the tenant.
 */
const CREATE = `SELECT pg_advisory_xact_lock(7205301);
  ALTER TABLE IF EXISTS ${EXPOSURES} ADD COLUMN IF NOT EXISTS tenant TEXT;
  ${createTables("")}`;

/** `?` as `$1`, `$2`. */
function toPostgres({ sql, parameters }: Statement): {
  readonly text: string;
  readonly parameters: readonly ColumnValue[];
} {
  let count = 0;
  return { text: sql.replace(/\?/g, () => `$${++count}`), parameters };
}

/** Opens rows in a Postgres database. Throws a `StorageError` if it cannot be reached. */
export async function openPostgresRows(url: PostgresUrl, newSecret: string): Promise<ExperimentRows> {
  const storage = await openPostgres(url, { limitMs: LIMIT_MS, prepare: async (query) => void (await query(CREATE)) });

  async function run(statement: Statement, applied: "no" | "unknown"): Promise<Values> {
    const { text, parameters } = toPostgres(statement);
    const rows = await storage.query(text, parameters, { signal: AbortSignal.timeout(LIMIT_MS), applied });
    return rows.map((row) => (isRecord(row) ? Object.values(row) : []));
  }

  async function insert(sql: string, rows: readonly ColumnValue[][]): Promise<void> {
    if (rows.length === 0) return;
    await storage.query(sql, [JSON.stringify(rows)], { signal: AbortSignal.timeout(LIMIT_MS), applied: "unknown" });
  }

  try {
    await run({ sql: MAKE_SECRET, parameters: [newSecret] }, "unknown");
    const [[secret] = []] = await run({ sql: READ_SECRET, parameters: [] }, "no");
    return createRows({
      location: storage.location,
      hashSecret: String(secret ?? newSecret),
      read: (statement) => run(statement, "no"),
      write: (statement) => run(statement, "unknown"),
      async add({ exposures, observations }) {
        await insert(ADD_EXPOSURES, exposures.map(exposureValues));
        await insert(ADD_OBSERVATIONS, observations.map(observationValues));
      },
      // Autovacuum frees what was removed.
      forget: async () => {},
      close: () => storage.close(),
    });
  } catch (thrown) {
    await storage.close();
    throw thrown;
  }
}
