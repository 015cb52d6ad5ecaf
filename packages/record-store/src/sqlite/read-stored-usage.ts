import type { SqliteDatabase, SqliteStorage } from "@babylon/storage";
import type { QueryRun } from "../contract/record-engine.ts";
import type { UsageDimension, UsageRow } from "../contract/usage-query.ts";
import { unpackFigures } from "../record/pack-figures.ts";
import { isOfAttempts } from "../sums/add-call.ts";
import { addPackedRanks, addPackedSums, type NameRank } from "../sums/pack-sums.ts";
import { periodOfKey, QUARTERS_OF, SUMS_LEVELS, sumsKey } from "../sums/sums-key.ts";
import { addUsageRow } from "../usage/add-usage-row.ts";
import { cutQuarters, type TimeSpan } from "../usage/cut-quarters.ts";
import type { UsagePlan } from "../usage/plan-usage.ts";
import { QUARTER_MS } from "../usage/quarter.ts";
import { compareRanks, createUsageTable, OTHER, type UsageTable } from "../usage/usage-table.ts";
import { nameConditions } from "./name-conditions.ts";
import { patience } from "./patience.ts";

/** Rows that are read in one turn of the event loop. */
const ROWS_PER_TURN = 4_000;
/** The time that the first step reads, and the least. */
const FIRST_STEP_MS = 600_000;
const MIN_STEP_MS = 100;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Answers a query: from sums where one dimension is enough, else from the index of the rows. */
export async function readStoredUsage(
  storage: SqliteStorage,
  plan: UsagePlan,
  run: QueryRun,
): Promise<readonly UsageRow[]> {
  const table = createUsageTable(plan.starts, plan.by, plan.top);
  if (plan.sumsOf === null) {
    await addRows(storage, plan, table, plan, run);
    return table.rows();
  }
  const { sumsOf } = plan;
  const { quarters, ends } = cutQuarters(plan);
  await storage.use((database) => addStoredSums(database, plan, sumsOf, quarters, table), patience());
  for (const span of ends) await addRows(storage, plan, table, span, { ...run, onProgress: () => {} });
  return table.rows();
}

/** Packed sums, and the period of the answer that they are part of. */
interface PeriodSums {
  readonly period: number;
  readonly sums: Uint8Array;
}

function addStoredSums(
  database: SqliteDatabase,
  plan: UsagePlan,
  dimension: "all" | UsageDimension,
  quarters: TimeSpan,
  table: UsageTable,
): void {
  const parts = readSums(database, dimension, quarters, table);
  const accepted = dimension === "all" ? undefined : plan.where.get(dimension);
  const shown = plan.top === undefined || plan.by.length === 0 ? null : topNames(parts, plan.top, accepted);
  const keyOf = (name: string): string => {
    if (plan.by.length === 0) return "";
    return shown === null || shown.has(name) ? name : OTHER;
  };
  for (const { period, sums } of parts) {
    addPackedSums(sums, (name) => {
      if (accepted !== undefined && !accepted.has(name)) return null;
      return table.sumsOf(period, keyOf(name));
    });
  }
}

/** The names with the highest cost. */
function topNames(
  parts: readonly PeriodSums[],
  top: number,
  accepted: ReadonlySet<string> | undefined,
): ReadonlySet<string> {
  const ranks = new Map<string, NameRank>();
  for (const { sums } of parts) addPackedRanks(sums, ranks);
  const ranked = [...ranks].filter(([name]) => accepted === undefined || accepted.has(name)).sort(compareRanks);
  return new Set(ranked.slice(0, top).map(([name]) => name));
}

/** The sums of the longest stored periods that are within one period of the answer. */
function readSums(
  database: SqliteDatabase,
  dimension: "all" | UsageDimension,
  quarters: TimeSpan,
  table: UsageTable,
): readonly PeriodSums[] {
  const parts: PeriodSums[] = [];
  const isRead = new Uint8Array(quarters.to - quarters.from);
  for (const level of SUMS_LEVELS.toReversed()) {
    const length = QUARTERS_OF[level];
    for (const span of gaps(isRead, quarters.from)) {
      const from = sumsKey(dimension, level, Math.ceil(span.from / length));
      for (const [key, sums] of readRange(database, from, sumsKey(dimension, level, Math.floor(span.to / length)))) {
        const first = periodOfKey(Number(key), level) * length;
        const period = table.periodOf(first * QUARTER_MS);
        // Six hours may be in two days, and in Kathmandu, whose days begin at a quarter past, one hour may be.
        if (table.periodOf((first + length) * QUARTER_MS - 1) !== period) continue;
        if (sums instanceof Uint8Array) parts.push({ period, sums });
        isRead.fill(1, first - quarters.from, first - quarters.from + length);
      }
    }
  }
  return parts;
}

/** @param to - not included */
function readRange(database: SqliteDatabase, from: number, to: number) {
  return database.prepare("SELECT key, sums FROM records_sums WHERE key >= ? AND key < ?").arrays(from, to);
}

/** The spans of quarters that have not been read. */
function gaps(isRead: Uint8Array, first: number): readonly TimeSpan[] {
  const spans: TimeSpan[] = [];
  for (let at = isRead.indexOf(0); at !== -1; ) {
    const end = isRead.indexOf(1, at);
    spans.push({ from: first + at, to: first + (end === -1 ? isRead.length : end) });
    at = end === -1 ? -1 : isRead.indexOf(0, end);
  }
  return spans;
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
  storage: SqliteStorage,
  plan: UsagePlan,
  table: UsageTable,
  span: TimeSpan,
  { onProgress, signal }: QueryRun,
): Promise<void> {
  // Provider and model are those of attempts, which the columns of the row do not have.
  const filter = nameConditions(plan.where, (dimension) => !isOfAttempts(dimension));
  const columns = columnsOf(plan);
  const sql = `SELECT ${columns.sql} FROM records_calls INDEXED BY records_calls_by_time
    WHERE started_at >= ? AND started_at < ?${filter.sql}`;
  // What SQL has checked is not checked again.
  const rest = { ...plan, where: new Map([...plan.where].filter(([dimension]) => isOfAttempts(dimension))) };
  let stepMs = FIRST_STEP_MS;
  const oldest = await storage.use(
    (database) => database.prepare("SELECT min(started_at) AS oldest FROM records_calls").get()?.oldest,
    patience(),
  );
  for (let from = Math.max(span.from, Number(oldest ?? span.to)); from < span.to; ) {
    signal.throwIfAborted();
    const period = table.periodOf(from);
    const to = Math.min(span.to, from + stepMs, plan.starts[period + 1] ?? Number.POSITIVE_INFINITY);
    const start = from;
    const rows = await storage.use(
      (database) => database.prepare(sql).arrays(start, to, ...filter.parameters),
      patience(),
    );
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
    onProgress((from - span.from) / (span.to - span.from));
    await nextTurn();
  }
  onProgress(1);
}
