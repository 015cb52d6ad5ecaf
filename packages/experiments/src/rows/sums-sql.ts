import { COLUMN_OF, type ColumnValue, UNIT_PREFIX } from "./columns.ts";
import type { MetricSource, MetricSums, RowsQuery, ShadowSums, UnitSums } from "./experiment-rows.ts";
import { EXPOSURES, OBSERVATIONS } from "./tables.ts";

/** A statement, with `?` for its parameters. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly ColumnValue[];
}

/** A result as rows of values, in the order of its columns. */
export type Values = readonly (readonly unknown[])[];

/** Units of one page. */
export const PAGE = 10_000;

/** A metric in SQL: its value of a call, and what has to be joined. */
export interface MetricSql {
  readonly value: string;
  /** When the value became known. */
  readonly valueAt: string;
  /** The value and the time of an observation of the unit itself. */
  readonly unitValue: string;
  readonly unitValueAt: string;
  readonly pending: string;
  readonly ofUnit: string;
  readonly join: string;
  readonly parameters: readonly ColumnValue[];
  readonly pendingParameters: readonly ColumnValue[];
}

/** A metric of a query in SQL. @param index - of the metric, for the names of its joins */
export function toSql(
  source: MetricSource,
  index: number,
  { now, until }: RowsQuery,
  hasUnitValues: boolean,
): MetricSql {
  if (source.kind === "record") {
    const value = recordValue(source);
    return {
      value,
      valueAt: 'e."at"',
      unitValue: "NULL",
      unitValueAt: "NULL",
      pending: "0",
      ofUnit: "NULL",
      join: "",
      parameters: [],
      pendingParameters: [],
    };
  }
  const { metric, windowMs } = source;
  const [o, u] = [`o${index}`, `u${index}`];
  const inTime = (alias: string) =>
    `${alias}.metric = ? AND ${alias}."at" <= e."at" + ?${until === undefined ? "" : ` AND ${alias}."at" < ?`}`;
  const ofCall = `LEFT JOIN ${OBSERVATIONS} ${o} ON ${o}."of" = e.call_id AND ${inTime(o)}`;
  const ofUnit = `LEFT JOIN ${OBSERVATIONS} ${u} ON ${u}."of" = '${UNIT_PREFIX}' || e.unit AND ${inTime(u)}`;
  const parameters = until === undefined ? [metric, windowMs] : [metric, windowMs, until];
  return {
    value: `${o}.value`,
    valueAt: `${o}."at"`,
    unitValue: hasUnitValues ? `${u}.value` : "NULL",
    unitValueAt: hasUnitValues ? `${u}."at"` : "NULL",
    pending: `COALESCE(SUM(CASE WHEN ${o}.value IS NULL AND e."at" >= ? THEN 1 ELSE 0 END), 0)`,
    pendingParameters: [now - windowMs],
    ofUnit: hasUnitValues ? `MAX(${u}.value)` : "NULL",
    join: hasUnitValues ? `${ofCall} ${ofUnit}` : ofCall,
    parameters: hasUnitValues ? [...parameters, ...parameters] : parameters,
  };
}

/** The value of a metric of the record, or whether it is above a limit. */
function recordValue({ metric, above }: Extract<MetricSource, { kind: "record" }>): string {
  const column = `e.${COLUMN_OF[metric]}`;
  if (above === undefined) return column;
  // A literal: parameters would have to stand in each of the columns that use the value.
  return `CASE WHEN ${column} > ${Number(above)} THEN 1 WHEN ${column} IS NOT NULL THEN 0 END`;
}

/** Columns under names of their own: a driver that returns rows as objects would merge those with equal names. */
export const select = (columns: readonly string[]): string =>
  `SELECT ${columns.map((column, index) => `${column} AS c${index}`).join(", ")}`;

/** The condition for calls that the intended link served. */
export const INTENDED = "e.served = 'intended'";

/** Sums of one page of units. @param after - the last unit of the page before; empty: the first page */
export function unitSumsStatement(query: RowsQuery, after: string, hasUnitValues: readonly boolean[]): Statement {
  const metrics = query.metrics.map((source, index) => toSql(source, index, query, hasUnitValues[index] === true));
  const columns = metrics.flatMap(({ value, pending, ofUnit }) => [
    `COUNT(${value})`,
    `COALESCE(SUM(${value}), 0)`,
    `COUNT(CASE WHEN ${INTENDED} THEN ${value} END)`,
    `COALESCE(SUM(CASE WHEN ${INTENDED} THEN ${value} END), 0)`,
    pending,
    ofUnit,
  ]);
  const fixed = ["e.unit", "MIN(e.arm)", "MAX(e.arm)", "COUNT(*)", `COUNT(CASE WHEN ${INTENDED} THEN 1 END)`];
  const sql = `${select([...fixed, "COALESCE(SUM(e.fallback), 0)", ...columns])}
    FROM ${EXPOSURES} e ${metrics.map(({ join }) => join).join(" ")}
    WHERE e.experiment = ? AND e.version = ? AND e.unit > ? AND e.excluded IS NULL AND e.shadow_of IS NULL${query.until === undefined ? "" : ' AND e."at" < ?'}
    GROUP BY e.unit ORDER BY e.unit LIMIT ${PAGE}`;
  const parameters = [
    ...metrics.flatMap(({ pendingParameters }) => pendingParameters),
    ...metrics.flatMap((metric) => metric.parameters),
    query.experiment,
    query.version,
    after,
    ...(query.until === undefined ? [] : [query.until]),
  ];
  return { sql, parameters };
}

const FIXED_COLUMNS = 6;
const METRIC_COLUMNS = 6;

/** The unit of a row of {@link unitSumsStatement}, for the next page. */
export const unitIdOf = (row: readonly unknown[]): string => String(row[0]);

/** A row of {@link unitSumsStatement}. Postgres returns whole numbers as text. */
export function toUnitSums(row: readonly unknown[], metricCount: number): UnitSums {
  const metrics: MetricSums[] = [];
  for (let index = 0; index < metricCount; index += 1) {
    const at = FIXED_COLUMNS + index * METRIC_COLUMNS;
    const ofUnit = row[at + 5];
    metrics.push({
      count: Number(row[at]),
      sum: Number(row[at + 1]),
      servedCount: Number(row[at + 2]),
      servedSum: Number(row[at + 3]),
      pending: Number(row[at + 4]),
      ofUnit: ofUnit === null || ofUnit === undefined ? null : Number(ofUnit),
    });
  }
  return {
    arm: String(row[1]),
    isMixed: row[1] !== row[2],
    calls: Number(row[3]),
    servedCalls: Number(row[4]),
    fallbacks: Number(row[5]),
    metrics,
  };
}

/** Whether there are observations of units, which need another join. */
export const hasUnitValuesStatement = (metric: string): Statement => ({
  sql: `SELECT 1 FROM ${OBSERVATIONS} WHERE "of" >= '${UNIT_PREFIX}' AND "of" < '${UNIT_PREFIX.slice(0, -1)}0' AND metric = ? LIMIT 1`,
  parameters: [metric],
});

/** Sums of the shadow arms. */
export function shadowSumsStatement(query: RowsQuery): Statement {
  const metrics = query.metrics.map((source, index) => toSql(source, index, query, false));
  const columns = metrics.flatMap(({ value }) => [
    `COUNT(${value})`,
    `COALESCE(SUM(${value}), 0)`,
    `COALESCE(SUM(${value} * ${value}), 0)`,
  ]);
  const sql = `${select(["e.arm", "COUNT(*)", ...columns])}
    FROM ${EXPOSURES} e ${metrics.map(({ join }) => join).join(" ")}
    WHERE e.experiment = ? AND e.version = ? AND e.shadow_of IS NOT NULL
      AND (e.excluded IS NOT NULL OR e.shadow_of IS NOT NULL)
    GROUP BY e.arm ORDER BY e.arm`;
  return { sql, parameters: [...metrics.flatMap((metric) => metric.parameters), query.experiment, query.version] };
}

/** A row of {@link shadowSumsStatement}. */
export function toShadowSums(row: readonly unknown[], metricCount: number): ShadowSums {
  const metrics = Array.from({ length: metricCount }, (_, index) => {
    const at = 2 + index * 3;
    return { count: Number(row[at]), sum: Number(row[at + 1]), squares: Number(row[at + 2]) };
  });
  return { arm: String(row[0]), calls: Number(row[1]), metrics };
}

/** The number of excluded calls by reason. */
export const excludedStatement = ({ experiment, version }: RowsQuery): Statement => ({
  sql: `${select(["excluded", "COUNT(*)"])} FROM ${EXPOSURES} WHERE experiment = ? AND version = ? AND excluded IS NOT NULL
      AND (excluded IS NOT NULL OR shadow_of IS NOT NULL) GROUP BY excluded`,
  parameters: [experiment, version],
});
