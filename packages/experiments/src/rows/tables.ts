import { EXPOSURE_COLUMNS, OBSERVATION_COLUMNS } from "./columns.ts";

/** The tables. */
export const EXPOSURES = "babylon_experiment_exposures";
export const OBSERVATIONS = "babylon_experiment_observations";
export const META = "babylon_experiment_meta";

/** `name type, …` with quoted names: `at` and `of` are words of SQL. */
const columnsOf = (columns: readonly (readonly [string, string])[]): string =>
  columns.map(([name, type]) => `"${name}" ${type}`).join(", ");

/**
 * The statements that create the tables. Exposures are stored in the order of their units, so that a report reads each unit's calls
 * together; the index of calls is for removing rows.
 *
 * @param suffix - what SQLite needs to store a table in the order of its key
 */
export function createTables(suffix: "" | " WITHOUT ROWID"): string {
  return `CREATE TABLE IF NOT EXISTS ${EXPOSURES} (${columnsOf(EXPOSURE_COLUMNS)},
      PRIMARY KEY (experiment, version, unit, call_id))${suffix};
    CREATE INDEX IF NOT EXISTS ${EXPOSURES}_apart ON ${EXPOSURES} (experiment, version)
      WHERE excluded IS NOT NULL OR shadow_of IS NOT NULL;
    CREATE INDEX IF NOT EXISTS ${EXPOSURES}_call ON ${EXPOSURES} (call_id);
    CREATE TABLE IF NOT EXISTS ${OBSERVATIONS} (${columnsOf(OBSERVATION_COLUMNS)}, PRIMARY KEY ("of", metric))${suffix};
    CREATE TABLE IF NOT EXISTS ${META} (name TEXT PRIMARY KEY, value TEXT NOT NULL)${suffix}`;
}

/** Reads the secret that {@link MAKE_SECRET} has stored, if it was the first. */
export const READ_SECRET: string = `SELECT value FROM ${META} WHERE name = 'hash_secret'`;

/** Stores the secret, unless there is one. */
export const MAKE_SECRET: string = `INSERT INTO ${META} VALUES ('hash_secret', ?) ON CONFLICT DO NOTHING`;

/** Takes the turn of periodic work, unless another process has it; a clock that was set back gives it free. */
export const TAKE_TURN: string = `INSERT INTO ${META} VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value
  WHERE CAST(${META}.value AS DOUBLE PRECISION) <= CAST(? AS DOUBLE PRECISION)
    OR CAST(${META}.value AS DOUBLE PRECISION) > CAST(excluded.value AS DOUBLE PRECISION) RETURNING 1`;
