import { isExclusionReason } from "./exclusion-reasons.ts";
import type { ExperimentRows, RowsQuery } from "./experiment-rows.ts";
import { countStatement, valueAtStatement } from "./quantile-sql.ts";
import { eraseRows, pruneVersions } from "./remove-rows.ts";
import type { RowsDatabase } from "./rows-database.ts";
import {
  excludedStatement,
  hasUnitValuesStatement,
  PAGE,
  shadowSumsStatement,
  toShadowSums,
  toUnitSums,
  unitIdOf,
  unitSumsStatement,
  type Values,
} from "./sums-sql.ts";
import { TAKE_TURN } from "./tables.ts";
import { CALLS_PAGE, type CallsPosition, positionOf, toUnitCall, unitCallsStatement } from "./unit-calls-sql.ts";

/** Creates rows in a database. */
export function createRows(database: RowsDatabase): ExperimentRows {
  const { location, hashSecret } = database;

  async function hasUnitValues({ metrics }: RowsQuery): Promise<readonly boolean[]> {
    const found: boolean[] = [];
    for (const source of metrics) {
      const isFound =
        source.kind === "observed" && (await database.read(hasUnitValuesStatement(source.metric))).length > 0;
      found.push(isFound);
    }
    return found;
  }

  return {
    location,
    hashSecret,
    add: (batch) => database.add(batch),
    async *unitSums(query) {
      const withUnitValues = await hasUnitValues(query);
      let after = "";
      for (;;) {
        const rows = await database.read(unitSumsStatement(query, after, withUnitValues));
        if (rows.length > 0) yield rows.map((row) => toUnitSums(row, query.metrics.length));
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE) return;
        after = unitIdOf(last);
      }
    },
    async *unitCalls(query) {
      const [withUnitValues = false] = await hasUnitValues(query);
      let after: CallsPosition | null = null;
      for (;;) {
        const rows: Values = await database.read(unitCallsStatement(query, after, withUnitValues));
        if (rows.length > 0) yield rows.map(toUnitCall);
        const last = rows.at(-1);
        if (last === undefined || rows.length < CALLS_PAGE) return;
        after = positionOf(last);
      }
    },
    async quantile(query, of) {
      const calls = { ...query, ...of };
      const [[count] = [0]] = await database.read(countStatement(calls));
      if (Number(count) === 0) return null;
      const offset = Math.max(0, Math.ceil(of.quantile * Number(count)) - 1);
      // A row that was removed meanwhile: there may be fewer.
      const [[value] = [null]] = await database.read(valueAtStatement(calls, offset));
      return value === null ? null : Number(value);
    },
    async shadowSums(query) {
      const rows = await database.read(shadowSumsStatement(query));
      return rows.map((row) => toShadowSums(row, query.metrics.length));
    },
    async excluded(query) {
      const rows = await database.read(excludedStatement(query));
      return Object.fromEntries(
        rows.flatMap(([reason, count]) => (isExclusionReason(reason) ? [[reason, Number(count)]] : [])),
      );
    },
    erase: (target) => eraseRows(database, target),
    prune: (query) => pruneVersions(database, query),
    async takeTurn(work, forMs, nowEpochMs) {
      const parameters = [`turn_${work}`, String(nowEpochMs), String(nowEpochMs - forMs)];
      return (await database.write({ sql: TAKE_TURN, parameters })).length > 0;
    },
    close: () => database.close(),
  };
}
