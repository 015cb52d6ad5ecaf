import { COLUMN_OF } from "./columns.ts";
import type { QuantileQuery, RowsQuery } from "./experiment-rows.ts";
import type { Statement } from "./sums-sql.ts";
import { EXPOSURES } from "./tables.ts";

type Calls = Pick<RowsQuery, "experiment" | "version" | "until"> & QuantileQuery;

/** The most calls that a quantile is computed from: all of them would block an event loop for a second in a large experiment. */
const MOST_CALLS = 20_000;

/** Calls of an arm whose value of the metric is known: those of the first units. Units are keyed hashes, so that is a random sample of them. */
function calls({ experiment, version, until, arm, metric }: Calls): Statement {
  const column = COLUMN_OF[metric];
  const sql = `FROM (SELECT ${column} AS value FROM ${EXPOSURES} WHERE experiment = ? AND version = ? AND arm = ?
    AND excluded IS NULL AND shadow_of IS NULL AND ${column} IS NOT NULL${until === undefined ? "" : ' AND "at" < ?'}
    ORDER BY unit LIMIT ${MOST_CALLS}) AS known`;
  return { sql, parameters: [experiment, version, arm, ...(until === undefined ? [] : [until])] };
}

/** The number of those calls. */
export function countStatement(query: Calls): Statement {
  const { sql, parameters } = calls(query);
  return { sql: `SELECT COUNT(*) AS c0 ${sql}`, parameters };
}

/** The value after which so many smaller ones come, in order. @param offset - from 0 */
export function valueAtStatement(query: Calls, offset: number): Statement {
  const { sql, parameters } = calls(query);
  return { sql: `SELECT value AS c0 ${sql} ORDER BY value LIMIT 1 OFFSET ${offset}`, parameters };
}
