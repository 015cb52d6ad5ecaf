import type { RowsQuery, UnitCall } from "./experiment-rows.ts";
import { INTENDED, type Statement, select, toSql } from "./sums-sql.ts";
import { EXPOSURES } from "./tables.ts";

/** Calls of one page. */
export const CALLS_PAGE = 20_000;

/** Where a page ends. */
export interface CallsPosition {
  readonly unit: string;
  readonly callId: string;
}

/** One page of the calls of units, in the order in which they are stored. @param after - the last call of the page before; `null`: the first page */
export function unitCallsStatement(query: RowsQuery, after: CallsPosition | null, hasUnitValues: boolean): Statement {
  const [source] = query.metrics;
  if (source === undefined) throw new TypeError("the calls of units are read with a metric");
  const metric = toSql(source, 0, query, hasUnitValues);
  const columns = [
    "e.unit",
    "e.call_id",
    "e.arm",
    'e."at"',
    `CASE WHEN ${INTENDED} THEN 1 ELSE 0 END`,
    metric.value,
    metric.valueAt,
    metric.unitValue,
    metric.unitValueAt,
  ];
  const position = after === null ? [] : [after.unit, after.callId];
  const sql = `${select(columns)}
    FROM ${EXPOSURES} e ${metric.join}
    WHERE e.experiment = ? AND e.version = ?${after === null ? "" : " AND (e.unit, e.call_id) > (?, ?)"}
      AND e.excluded IS NULL AND e.shadow_of IS NULL
    ORDER BY e.unit, e.call_id LIMIT ${CALLS_PAGE}`;
  return { sql, parameters: [...metric.parameters, query.experiment, query.version, ...position] };
}

/** The position of a row of {@link unitCallsStatement}. */
export const positionOf = (row: readonly unknown[]): CallsPosition => ({
  unit: String(row[0]),
  callId: String(row[1]),
});

const numberOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));

/** A row of {@link unitCallsStatement}. Postgres returns whole numbers as text. */
export function toUnitCall(row: readonly unknown[]): UnitCall {
  const at = Number(row[3]);
  const ofUnit = numberOrNull(row[7]);
  return {
    unit: String(row[0]),
    arm: String(row[2]),
    at,
    isIntended: Number(row[4]) === 1,
    value: numberOrNull(row[5]),
    valueAt: numberOrNull(row[6]) ?? at,
    ofUnit: ofUnit === null ? null : { value: ofUnit, at: Number(row[8]) },
  };
}
