import type { SqliteDatabase, SqliteStorage, SqliteValue } from "@babylon/storage";
import type { QueryRun } from "../contract/record-engine.ts";
import type { UsageDimension, UsageRow } from "../contract/usage-query.ts";
import type { CallNames } from "../record/call-figures.ts";
import { unpackFigures } from "../record/pack-figures.ts";
import { addPackedSums } from "../sums/pack-sums.ts";
import type { Sums } from "../sums/sums.ts";
import { periodOfKey, sumsKey } from "../sums/sums-key.ts";
import { addRow } from "../usage/add-row.ts";
import { cutQuarters, type TimeSpan } from "../usage/cut-quarters.ts";
import type { UsagePlan } from "../usage/plan-usage.ts";
import { QUARTER_MS, QUARTERS_PER_HOUR } from "../usage/quarter.ts";
import { createUsageTable, type UsageTable } from "../usage/usage-table.ts";
import { nameConditions } from "./name-conditions.ts";
import { patience } from "./patience.ts";

const HOUR_MS = QUARTER_MS * QUARTERS_PER_HOUR;
/** Rows that are read in one turn of the event loop. */
const ROWS_PER_TURN = 4_000;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Answers a query: from sums where one dimension is enough, else from the index of the rows. */
export async function readUsage(storage: SqliteStorage, plan: UsagePlan, run: QueryRun): Promise<readonly UsageRow[]> {
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

/** The sums of a name in a period of the answer; `null`: the filter excludes the name. */
function targetOf(plan: UsagePlan, dimension: "all" | UsageDimension, table: UsageTable) {
  const accepted = dimension === "all" ? undefined : plan.where.get(dimension);
  const isGrouped = plan.by.length > 0;
  return (period: number) =>
    (name: string): Sums | null => {
      if (accepted !== undefined && !accepted.has(name)) return null;
      return table.sumsOf(period, isGrouped ? [name] : []);
    };
}

function addStoredSums(
  database: SqliteDatabase,
  plan: UsagePlan,
  dimension: "all" | UsageDimension,
  quarters: TimeSpan,
  table: UsageTable,
): void {
  const target = targetOf(plan, dimension, table);
  const add = (period: number, sums: SqliteValue | undefined): void => {
    if (sums instanceof Uint8Array) addPackedSums(sums, target(period));
  };
  const hours = {
    from: Math.ceil(quarters.from / QUARTERS_PER_HOUR),
    to: Math.floor(quarters.to / QUARTERS_PER_HOUR),
  };
  const stored = readRange(database, sumsKey(dimension, "hour", hours.from), sumsKey(dimension, "hour", hours.to));
  const done = new Set<number>();
  for (const { key, sums } of stored) {
    const hour = periodOfKey(Number(key), "hour");
    const period = table.periodOf(hour * HOUR_MS);
    // An hour of UTC may be in two periods, such as in Kathmandu, whose days begin at a quarter past.
    if (table.periodOf((hour + 1) * HOUR_MS - 1) !== period) continue;
    add(period, sums);
    done.add(hour);
  }
  for (const span of gaps(quarters, done)) {
    const from = sumsKey(dimension, "quarter", span.from);
    for (const { key, sums } of readRange(database, from, from + span.to - span.from)) {
      add(table.periodOf(periodOfKey(Number(key), "quarter") * QUARTER_MS), sums);
    }
  }
}

/** @param to - not included */
function readRange(database: SqliteDatabase, from: number, to: number) {
  return database.prepare("SELECT key, sums FROM records_sums WHERE key >= ? AND key < ?").all(from, to);
}

/** The quarters of a span that are not in the hours. */
function gaps({ from, to }: TimeSpan, hours: ReadonlySet<number>): readonly TimeSpan[] {
  const spans: TimeSpan[] = [];
  let start = from;
  for (const hour of [...hours].sort((one, other) => one - other)) {
    const quarter = hour * QUARTERS_PER_HOUR;
    if (start < quarter) spans.push({ from: start, to: quarter });
    start = quarter + QUARTERS_PER_HOUR;
  }
  if (start < to) spans.push({ from: start, to });
  return spans;
}

/** Adds the rows of a span, in steps, so that writes are not delayed. */
async function addRows(
  storage: SqliteStorage,
  plan: UsagePlan,
  table: UsageTable,
  { from, to }: TimeSpan,
  { onProgress, signal }: QueryRun,
): Promise<void> {
  // Provider and model are those of attempts, which the columns of the row do not have.
  const filter = nameConditions(plan.where, (dimension) => dimension !== "provider" && dimension !== "model");
  const sql = `SELECT id, started_at, outcome, provider, model, agent, tenant, purpose, figures
    FROM records_calls INDEXED BY records_calls_by_time
    WHERE started_at >= ? AND started_at < ? AND (started_at > ? OR id > ?)${filter.sql}
    ORDER BY started_at, id LIMIT ${ROWS_PER_TURN}`;
  let last = { startedAt: from - 1, id: -1 };
  for (;;) {
    signal.throwIfAborted();
    const { startedAt, id } = last;
    const rows = await storage.use(
      (database) => database.prepare(sql).all(Math.max(from, startedAt), to, startedAt, id, ...filter.parameters),
      patience(),
    );
    for (const row of rows) {
      const names = row as unknown as CallNames;
      if (row.figures instanceof Uint8Array) {
        addRow(table, plan, Number(row.started_at), names, unpackFigures(row.figures, names));
      }
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < ROWS_PER_TURN) break;
    last = { startedAt: Number(end.started_at), id: Number(end.id) };
    onProgress((last.startedAt - from) / (to - from));
    await nextTurn();
  }
  onProgress(1);
}
