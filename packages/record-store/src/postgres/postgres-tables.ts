import type { QueryPostgres } from "@babylon/storage";
import { StorageError } from "@babylon/storage";

/** The version of the tables. */
const VERSION = 1;

/** The tables that have a partition for each day (UTC) of the start of a call. */
export type PartitionedTable = "babylon_records_calls" | "babylon_records_content";

/** All of them. */
export const PARTITIONED_TABLES: readonly PartitionedTable[] = ["babylon_records_calls", "babylon_records_content"];

const DAY_MS = 86_400_000;

/** The keys of the advisory locks, arbitrary numbers: of what changes records, and of the creation of tables. */
const CHANGE_LOCK = 0x62726563;
const CREATE_LOCK = 0x62726564;

/**
 * Names and ids are compared by their bytes, like in the other engines. Indexes have no names in them but the id of the call: names may be
 * longer than an entry of an index.
 */
const TABLES = `
SELECT pg_advisory_xact_lock(${CREATE_LOCK});
CREATE TABLE IF NOT EXISTS babylon_records_meta(name text PRIMARY KEY, value double precision NOT NULL);
CREATE TABLE IF NOT EXISTS babylon_records_calls(
  call_id text COLLATE "C" NOT NULL,
  started_at double precision NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  model text COLLATE "C" NOT NULL,
  agent text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  purpose text COLLATE "C" NOT NULL,
  figures bytea NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (call_id, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX IF NOT EXISTS babylon_records_calls_by_time ON babylon_records_calls(started_at, call_id);
CREATE TABLE IF NOT EXISTS babylon_records_content(
  call_id text COLLATE "C" NOT NULL,
  started_at double precision NOT NULL,
  content text NOT NULL,
  PRIMARY KEY (call_id, started_at)
) PARTITION BY RANGE (started_at);
CREATE TABLE IF NOT EXISTS babylon_records_sums(key bigint PRIMARY KEY, sums bytea NOT NULL);
CREATE TABLE IF NOT EXISTS babylon_records_packed_calls(quarter bigint PRIMARY KEY, calls bytea NOT NULL);
CREATE TABLE IF NOT EXISTS babylon_records_stale_hours(hour bigint PRIMARY KEY);
INSERT INTO babylon_records_meta VALUES ('version', ${VERSION}) ON CONFLICT DO NOTHING;
`;

/** Creates missing tables. Throws `corrupt` for tables of a newer version. */
export async function preparePostgresTables(query: QueryPostgres): Promise<void> {
  // The last one of a transaction: then there are all, and this role may lack the permission to create them.
  const [row] = await query("SELECT to_regclass('babylon_records_stale_hours') AS name");
  if (pgColumn(row, "name") === null) await query(TABLES);
  await checkPostgresVersion(query);
}

/** Throws `corrupt` for tables of a newer version. */
export async function checkPostgresVersion(query: QueryPostgres): Promise<void> {
  const [row] = await query("SELECT value FROM babylon_records_meta WHERE name = 'version'");
  const version = Number(pgColumn(row, "value"));
  if (version > VERSION) {
    const message = `the records were written by a newer version (${version}; this one reads up to ${VERSION})`;
    throw new StorageError({ code: "corrupt", message, applied: "no" });
  }
}

/** A column of a row of the driver. */
export function pgColumn(row: unknown, name: string): unknown {
  return typeof row === "object" && row !== null ? Reflect.get(row, name) : undefined;
}

/**
 * Begins a change: changes of all processes run one after the other, so that sums are read, added to and stored without another one between,
 * and no two changes wait for each other. A process that stops in the middle of one holds up the others for ten seconds.
 */
export async function beginChange(query: QueryPostgres): Promise<void> {
  await query(
    `SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '10s';
     SELECT pg_advisory_xact_lock(${CHANGE_LOCK})`,
  );
}

/** The day of a time, counted from the epoch. */
export const partitionDayOf = (epochMs: number): number => Math.floor(epochMs / DAY_MS);

/** The first millisecond of a day. */
export const startOfPartition = (day: number): number => day * DAY_MS;

/** The name of the partition of a day, such as `babylon_records_calls_20785`. */
export const partitionOf = (table: PartitionedTable, day: number): string => `${table}_${day}`;

/** Creates the partitions of days that have none. Call it within a change. */
export async function addPartitions(
  query: QueryPostgres,
  table: PartitionedTable,
  days: ReadonlySet<number>,
): Promise<void> {
  const missing = await query(
    "SELECT day FROM unnest($1::bigint[]) AS day WHERE to_regclass($2 || '_' || day) IS NULL",
    [[...days], table],
  );
  for (const row of missing) {
    const day = Number(pgColumn(row, "day"));
    const name = partitionOf(table, day);
    // Attaching a table, unlike creating it as a partition, does not wait for queries that are running.
    await query(`CREATE TABLE ${name}(LIKE ${table} INCLUDING ALL);
      ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM (${startOfPartition(day)}) TO (${startOfPartition(day + 1)})`);
  }
}

/** The days with a partition, ascending. */
export async function partitionDays(query: QueryPostgres, table: PartitionedTable): Promise<readonly number[]> {
  const rows = await query(
    "SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = to_regclass($1)",
    [table],
  );
  return rows
    .map((row) => Number(String(pgColumn(row, "name")).slice(table.length + 1)))
    .sort((one, other) => one - other);
}

/** Drops the partition of a day. Call it within a change. Waits for queries for a second at most. */
export async function dropPartition(query: QueryPostgres, table: PartitionedTable, day: number): Promise<void> {
  await query(`SET LOCAL lock_timeout = '1s'; DROP TABLE IF EXISTS ${partitionOf(table, day)}`);
}
