import type { QueryRun } from "../contract/record-engine.ts";
import type { UsageRow } from "../contract/usage-query.ts";
import { addBucket, widenDurations } from "../sums/durations.ts";
import type { Sums } from "../sums/sums.ts";
import type { TimeSpan } from "../usage/cut-quarters.ts";
import type { UsagePlan } from "../usage/plan-usage.ts";
import { createUsageTable, KEY_SEPARATOR, type UsageTable } from "../usage/usage-table.ts";
import type { ClickhouseClient } from "./clickhouse-client.ts";
import { type ClickhouseRow, readRows } from "./read-rows.ts";
import { type Counted, type UsageStatement, usageStatement } from "./usage-sql.ts";

/** The time that one statement reads, so that progress is reported and a result is bounded. */
const STEP_MS = 7 * 86_400_000;
/** Characters of a statement: an hour of two years has 15. */
const MAX_QUERY_SIZE = 2 ** 20;

/** Computes usage from rows. The server counts by group and period; names beyond `top` are merged here. */
export async function readClickhouseUsage(
  client: ClickhouseClient,
  plan: UsagePlan,
  { onProgress, signal }: QueryRun,
): Promise<readonly UsageRow[]> {
  const table = createUsageTable(plan.starts, plan.by, plan.top);
  const oldest = await oldestStart(client, plan, signal);
  for (let from = Math.max(plan.from, oldest); from < plan.to; from += STEP_MS) {
    const span = { from, to: Math.min(plan.to, from + STEP_MS) };
    for (const counted of plan.ofAttempts ? (["calls", "attempts"] as const) : (["both"] as const)) {
      await addSpan(client, plan, table, span, counted, signal);
    }
    onProgress((span.to - plan.from) / (plan.to - plan.from));
  }
  onProgress(1);
  return table.rows();
}

/** The first call of a query: the years before it need no statements. */
async function oldestStart(client: ClickhouseClient, { from, to }: TimeSpan, signal: AbortSignal): Promise<number> {
  const range = `started_at >= ${Math.ceil(from)} AND started_at < ${Math.ceil(to)}`;
  const [row] = await readRows(client, `SELECT min(started_at), count() FROM babylon_records WHERE ${range}`, {
    signal,
  });
  return row === undefined || Number(row[1]) === 0 ? to : Number(row[0]);
}

async function addSpan(
  client: ClickhouseClient,
  plan: UsagePlan,
  table: UsageTable,
  span: TimeSpan,
  counted: Counted,
  signal: AbortSignal,
): Promise<void> {
  const statement = usageStatement(plan, span, counted);
  const rows = await readRows(client, statement.sql, { settings: { max_query_size: MAX_QUERY_SIZE }, signal });
  for (const row of rows) {
    const names = row.slice(1, 1 + plan.by.length).map(String);
    addRow(
      table.sumsOf(table.periodOf(Number(row[0])), names.join(KEY_SEPARATOR)),
      statement,
      row.slice(1 + names.length),
    );
  }
}

function addRow(sums: Sums, { fields, hasDurations }: UsageStatement, values: ClickhouseRow): void {
  for (const [at, field] of fields.entries()) sums[field] += Number(values[at]);
  if (!hasDurations) return;
  const [latency, minMs, maxMs, firstToken, firstMinMs, firstMaxMs] = values.slice(fields.length);
  addDurations(sums.latency, latency, Number(minMs), Number(maxMs));
  addDurations(sums.firstToken, firstToken, Number(firstMinMs), Number(firstMaxMs));
}

/** @param map - the buckets, and the count of each */
function addDurations(sketch: Sums["latency"], map: unknown, minMs: number, maxMs: number): void {
  const [buckets, counts] = Array.isArray(map) ? map : [];
  if (!Array.isArray(buckets) || !Array.isArray(counts) || buckets.length === 0) return;
  widenDurations(sketch, minMs, maxMs);
  for (const [at, bucket] of buckets.entries()) addBucket(sketch, Number(bucket), Number(counts[at]));
}
