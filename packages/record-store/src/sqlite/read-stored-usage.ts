import type { SqliteDatabase } from "@babylon/storage";
import type { QueryRun } from "../contract/record-engine.ts";
import type { UsageDimension, UsageRow } from "../contract/usage-query.ts";
import { unpackFigures } from "../record/pack-figures.ts";
import { isOfAttempts } from "../sums/add-call.ts";
import { periodOfKey, type SumsLevel, sumsKey } from "../sums/sums-key.ts";
import { addQuarters, type QuartersOfCalls } from "../usage/add-quarters.ts";
import { addStoredSums } from "../usage/add-stored-sums.ts";
import { addUsageRow } from "../usage/add-usage-row.ts";
import { coverQuarters } from "../usage/cover-quarters.ts";
import { cutQuarters, type TimeSpan } from "../usage/cut-quarters.ts";
import { nextTurn } from "../usage/next-turn.ts";
import type { UsagePlan } from "../usage/plan-usage.ts";
import { createUsageTable, type UsageTable } from "../usage/usage-table.ts";
import { nameConditions } from "./name-conditions.ts";
import type { PatientDatabase } from "./patience.ts";

/** Rows that are read in one turn of the event loop. */
const ROWS_PER_TURN = 4_000;
/** The time that the first step reads, and the least. */
const FIRST_STEP_MS = 600_000;
const MIN_STEP_MS = 100;
const READ_PACKED = "SELECT quarter, calls FROM records_packed_calls WHERE quarter >= ? AND quarter < ?";

/** Quarters of which packed calls are read in one turn of the event loop. */
const QUARTERS_PER_TURN = 8;

/** Answers a query: from sums where one dimension is enough, else from packed calls, and from rows where calls are not packed yet. */
export async function readStoredUsage(
  storage: PatientDatabase,
  plan: UsagePlan,
  run: QueryRun,
): Promise<readonly UsageRow[]> {
  const table = createUsageTable(plan.starts, plan.by, plan.top);
  const { sumsOf } = plan;
  const { quarters, ends } = cutQuarters(plan);
  const addRowsOf = (span: TimeSpan): Promise<void> => addRows(storage, plan, table, span, run.signal);
  if (sumsOf === null) {
    for (const span of ends) await addRowsOf(span);
    await addQuarters(quartersOf(storage, addRowsOf), plan, table, quarters, run);
    return table.rows();
  }
  const parts = await storage.use((database) =>
    coverQuarters(quarters, table, (level, from, to) => readRange(database, sumsOf, level, from, to)),
  );
  await addStoredSums(plan, sumsOf, parts, table);
  for (const span of ends) await addRowsOf(span);
  return table.rows();
}

/** @param to - not included */
function readRange(
  database: SqliteDatabase,
  dimension: "all" | UsageDimension,
  level: SumsLevel,
  from: number,
  to: number,
): readonly (readonly [period: number, sums: Uint8Array])[] {
  return database
    .prepare("SELECT key, sums FROM records_sums WHERE key >= ? AND key < ?")
    .arrays(sumsKey(dimension, level, from), sumsKey(dimension, level, to))
    .flatMap(([key, sums]) => (sums instanceof Uint8Array ? [[periodOfKey(Number(key), level), sums] as const] : []));
}

function quartersOf(storage: PatientDatabase, addRowsOf: (span: TimeSpan) => Promise<void>): QuartersOfCalls {
  return {
    perStep: QUARTERS_PER_TURN,
    async oldest() {
      const sql = "SELECT min(started_at) AS oldest FROM records_calls";
      const row = await storage.use((database) => database.prepare(sql).get());
      return typeof row?.oldest === "number" ? row.oldest : null;
    },
    async readPacked(from, to) {
      const rows = await storage.use((database) => database.prepare(READ_PACKED).arrays(from, to));
      return rows.flatMap(([quarter, calls]) =>
        calls instanceof Uint8Array ? [[Number(quarter), calls] as const] : [],
      );
    },
    addRows: addRowsOf,
  };
}

/** The columns of a query of rows, in their order. */
interface RowColumns {
  readonly names: readonly UsageDimension[];
  readonly sql: string;
}

/** Only what the query needs: each column of a million rows is a tenth of a second. */
function columnsOf({ by, where, ofAttempts }: UsagePlan): RowColumns {
  const needed = new Set<UsageDimension>(["outcome", ...by]);
  if (ofAttempts) for (const dimension of ["provider", "model", ...where.keys()] as const) needed.add(dimension);
  const names = [...needed];
  return { names, sql: [...names, "figures"].join(", ") };
}

/** Adds the rows of a span, in steps, so that writes are not delayed. */
async function addRows(
  storage: PatientDatabase,
  plan: UsagePlan,
  table: UsageTable,
  span: TimeSpan,
  signal: AbortSignal,
): Promise<void> {
  // Provider and model are those of attempts, which the columns of the row do not have.
  const filter = nameConditions(plan.where, (dimension) => !isOfAttempts(dimension));
  const columns = columnsOf(plan);
  const sql = `SELECT ${columns.sql} FROM records_calls INDEXED BY records_calls_by_time
    WHERE started_at >= ? AND started_at < ?${filter.sql}`;
  // What SQL has checked is not checked again.
  const rest = { ...plan, where: new Map([...plan.where].filter(([dimension]) => isOfAttempts(dimension))) };
  let stepMs = FIRST_STEP_MS;
  for (let from = span.from; from < span.to; ) {
    signal.throwIfAborted();
    const period = table.periodOf(from);
    const to = Math.min(span.to, from + stepMs, plan.starts[period + 1] ?? Number.POSITIVE_INFINITY);
    const start = from;
    const rows = await storage.use((database) => database.prepare(sql).arrays(start, to, ...filter.parameters));
    const names = { provider: "", model: "", agent: "", tenant: "", purpose: "", outcome: "" };
    for (const row of rows) {
      for (let at = 0; at < columns.names.length; at += 1) {
        const name = columns.names[at];
        if (name !== undefined) names[name] = String(row[at]);
      }
      const figures = row[columns.names.length];
      if (figures instanceof Uint8Array) addUsageRow(table, rest, period, names, unpackFigures(figures, names));
    }
    // Steps of about as many rows as one turn of the event loop may read.
    stepMs = Math.max(MIN_STEP_MS, Math.min(stepMs * 4, (stepMs * ROWS_PER_TURN) / Math.max(1, rows.length)));
    from = to;
    await nextTurn();
  }
}
