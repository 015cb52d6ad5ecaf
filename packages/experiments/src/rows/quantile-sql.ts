import { COLUMN_OF } from "./columns.ts";
import type { QuantileQuery, RowsQuery } from "./experiment-rows.ts";
import type { Statement } from "./sums-sql.ts";
import { EXPOSURES } from "./tables.ts";

type Calls = Pick<RowsQuery, "experiment" | "version" | "until"> & QuantileQuery;

/** The calls of an arm whose value of the metric is known. */
function calls({ experiment, version, until, arm, metric }: Calls): Statement {
  const sql = `FROM ${EXPOSURES} WHERE experiment = ? AND version = ? AND arm = ? AND excluded IS NULL AND shadow_of IS NULL
    AND ${COLUMN_OF[metric]} IS NOT NULL${until === undefined ? "" : ' AND "at" < ?'}`;
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
  const column = COLUMN_OF[query.metric];
  return { sql: `SELECT ${column} AS c0 ${sql} ORDER BY ${column} LIMIT 1 OFFSET ${offset}`, parameters };
}
