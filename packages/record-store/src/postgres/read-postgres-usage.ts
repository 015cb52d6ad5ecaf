import type { QueryPostgres } from "@babylon/storage";
import type { QueryRun } from "../contract/record-engine.ts";
import type { UsageDimension, UsageRow } from "../contract/usage-query.ts";
import { unpackAllFigures } from "../record/pack-figures.ts";
import type { CallNames } from "../record/record-figures.ts";
import { isOfAttempts } from "../sums/add-call.ts";
import { periodOfKey, QUARTERS_OF, SUMS_LEVELS, type SumsLevel, sumsKey } from "../sums/sums-key.ts";
import { addQuarters, type QuartersOfCalls } from "../usage/add-quarters.ts";
import { addStoredSums } from "../usage/add-stored-sums.ts";
import { addUsageRow } from "../usage/add-usage-row.ts";
import { coverQuarters, type PeriodPart } from "../usage/cover-quarters.ts";
import { cutQuarters, type TimeSpan } from "../usage/cut-quarters.ts";
import { nextTurn } from "../usage/next-turn.ts";
import type { UsagePlan } from "../usage/plan-usage.ts";
import { createUsageTable, type UsageTable } from "../usage/usage-table.ts";
import { createParameters, postgresConditions } from "./postgres-conditions.ts";
import type { PostgresSession } from "./postgres-session.ts";
import { pgColumn } from "./postgres-tables.ts";

/** Rows that one statement reads. */
const ROWS_PER_STEP = 20_000;
/** The time that the first step reads, and the least. */
const FIRST_STEP_MS = 3_600_000;
const MIN_STEP_MS = 100;
/** Packed sums that one statement reads. */
const SUMS_PER_STEP = 64;
/** Quarters of packed calls that one statement reads. */
const QUARTERS_PER_STEP = 16;

/** Answers a query: from sums where one dimension is enough, else from packed calls, and from rows where calls are not packed yet. */
export async function readPostgresUsage(
  session: PostgresSession,
  plan: UsagePlan,
  run: QueryRun,
): Promise<readonly UsageRow[]> {
  const table = createUsageTable(plan.starts, plan.by, plan.top);
  const { sumsOf } = plan;
  const { quarters, ends } = cutQuarters(plan);
  const addRowsOf = (span: TimeSpan): Promise<void> => addRows(session, plan, table, span, run.signal);
  if (sumsOf === null) {
    for (const span of ends) await addRowsOf(span);
    await addQuarters(quartersOf(session, addRowsOf), plan, table, quarters, run);
    return table.rows();
  }
  const parts = await session.read((query) => readParts(query, sumsOf, quarters, table));
  await addStoredSums(plan, sumsOf, parts, table);
  for (const span of ends) await addRowsOf(span);
  return table.rows();
}

async function readParts(
  query: QueryPostgres,
  dimension: "all" | UsageDimension,
  quarters: TimeSpan,
  table: UsageTable,
): Promise<readonly PeriodPart<Uint8Array>[]> {
  const stored = await readKeys(query, dimension, quarters);
  const parts = coverQuarters(quarters, table, (level, from, to) =>
    (stored.get(level) ?? []).filter(([period]) => period >= from && period < to),
  );
  const found: PeriodPart<Uint8Array>[] = [];
  for (let at = 0; at < parts.length; at += SUMS_PER_STEP) {
    const step = new Map(parts.slice(at, at + SUMS_PER_STEP).map(({ period, value }) => [value, period]));
    const sql = "SELECT key, sums FROM babylon_records_sums WHERE key = ANY($1::bigint[])";
    for (const row of await query(sql, [[...step.keys()]])) {
      const value = pgColumn(row, "sums");
      const period = step.get(Number(pgColumn(row, "key")));
      if (value instanceof Uint8Array && period !== undefined) found.push({ period, value });
    }
  }
  return found;
}

/** The periods that have sums, with their keys, by level. */
async function readKeys(
  query: QueryPostgres,
  dimension: "all" | UsageDimension,
  { from, to }: TimeSpan,
): Promise<ReadonlyMap<SumsLevel, readonly (readonly [period: number, key: number])[]>> {
  const levels = new Map<SumsLevel, readonly (readonly [number, number])[]>();
  for (const level of SUMS_LEVELS) {
    const rows = await query("SELECT key FROM babylon_records_sums WHERE key >= $1 AND key < $2", [
      sumsKey(dimension, level, Math.ceil(from / QUARTERS_OF[level])),
      sumsKey(dimension, level, Math.floor(to / QUARTERS_OF[level])),
    ]);
    levels.set(
      level,
      rows.map((row) => {
        const key = Number(pgColumn(row, "key"));
        return [periodOfKey(key, level), key] as const;
      }),
    );
  }
  return levels;
}

function quartersOf(session: PostgresSession, addRowsOf: (span: TimeSpan) => Promise<void>): QuartersOfCalls {
  return {
    perStep: QUARTERS_PER_STEP,
    async oldest() {
      const [row] = await session.query("SELECT min(started_at) AS oldest FROM babylon_records_calls");
      const oldest = pgColumn(row, "oldest");
      return typeof oldest === "number" ? oldest : null;
    },
    async readPacked(from, to) {
      const sql = "SELECT quarter, calls FROM babylon_records_packed_calls WHERE quarter >= $1 AND quarter < $2";
      return (await session.query(sql, [from, to])).flatMap((row) => {
        const calls = pgColumn(row, "calls");
        return calls instanceof Uint8Array ? [[Number(pgColumn(row, "quarter")), calls] as const] : [];
      });
    },
    addRows: addRowsOf,
  };
}

/** Adds the rows of a span, in steps. */
async function addRows(
  session: PostgresSession,
  plan: UsagePlan,
  table: UsageTable,
  span: TimeSpan,
  signal: AbortSignal,
): Promise<void> {
  // What SQL has checked is not checked again. Provider and model are those of attempts, which the columns of the row do not have.
  const rest = { ...plan, where: new Map([...plan.where].filter(([dimension]) => isOfAttempts(dimension))) };
  const columns = columnsOf(plan);
  let stepMs = FIRST_STEP_MS;
  for (let from = span.from; from < span.to; ) {
    signal.throwIfAborted();
    const period = table.periodOf(from);
    const to = Math.min(span.to, from + stepMs, plan.starts[period + 1] ?? Number.POSITIVE_INFINITY);
    let rows = 0;
    for (const group of await readGroups(session.query, plan, columns, { from, to })) {
      rows += group.rows;
      unpackAllFigures(group.figures, group.names, (figures) => addUsageRow(table, rest, period, group.names, figures));
    }
    stepMs = Math.max(MIN_STEP_MS, Math.min(stepMs * 4, (stepMs * ROWS_PER_STEP) / Math.max(1, rows)));
    from = to;
    await nextTurn();
  }
}

/** The columns that a query needs. */
function columnsOf({ by, where, ofAttempts }: UsagePlan): readonly UsageDimension[] {
  const attemptColumns = ofAttempts ? (["provider", "model", ...where.keys()] as const) : [];
  return [...new Set<UsageDimension>(["outcome", ...by, ...attemptColumns])];
}

/** Calls with the same names, with their packed figures one after the other: a hundredth of the rows of a result by call. */
interface CallGroup {
  readonly names: CallNames;
  readonly rows: number;
  readonly figures: Uint8Array;
}

async function readGroups(
  query: QueryPostgres,
  plan: UsagePlan,
  columns: readonly UsageDimension[],
  { from, to }: TimeSpan,
): Promise<readonly CallGroup[]> {
  const parameters = createParameters();
  const range = `started_at >= ${parameters.add(from)} AND started_at < ${parameters.add(to)}`;
  const filter = postgresConditions(parameters, plan.where, (dimension) => !isOfAttempts(dimension));
  const rows = await query(
    `SELECT ${columns.join(", ")}, count(*) AS rows, string_agg(figures, ''::bytea) AS figures
     FROM babylon_records_calls WHERE ${range}${filter} GROUP BY ${columns.join(", ")}`,
    parameters.values,
  );
  return rows.flatMap((row) => {
    const figures = pgColumn(row, "figures");
    if (!(figures instanceof Uint8Array)) return [];
    const names = { provider: "", model: "", agent: "", tenant: "", purpose: "", outcome: "" };
    for (const dimension of columns) names[dimension] = String(pgColumn(row, dimension));
    return [{ names, rows: Number(pgColumn(row, "rows")), figures }];
  });
}
