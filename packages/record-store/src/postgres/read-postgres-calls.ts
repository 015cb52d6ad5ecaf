import type { CallRecord } from "@babylon/llm-core";
import type { QueryPostgres } from "@babylon/storage";
import type { CallsPage } from "../contract/calls-query.ts";
import type { RecordsPage } from "../contract/record-engine.ts";
import { MAX_READ_BYTES } from "../queue/record-limits.ts";
import { toCallSummary } from "../record/to-call-summary.ts";
import { parsePackedRecord, unpackRecord } from "../record/unpack-record.ts";
import { type CallsPlan, toCursorText } from "../usage/plan-calls.ts";
import { createParameters, postgresConditions, type SqlParameters } from "./postgres-conditions.ts";
import { pgColumn } from "./postgres-tables.ts";

/** A statement for the calls of a page, and one more if there is one. */
function selectPage(parameters: SqlParameters, { where, from, to, before, limit }: CallsPlan): string {
  const conditions = [`started_at >= ${parameters.add(from)}`];
  if (to !== null) conditions.push(`started_at < ${parameters.add(to)}`);
  if (before !== null) {
    // The first condition chooses partitions.
    const start = parameters.add(before.startedAt);
    conditions.push(`started_at <= ${start}`, `(started_at, call_id) < (${start}, ${parameters.add(before.id)})`);
  }
  return `SELECT call_id, started_at, line FROM babylon_records_calls
    WHERE ${conditions.join(" AND ")}${postgresConditions(parameters, where)}
    ORDER BY started_at DESC, call_id DESC LIMIT ${parameters.add(limit + 1)}`;
}

/** The cursor behind the last row of a page, if more rows follow. */
function nextOf(page: readonly unknown[], hasMore: boolean): string | null {
  const last = page.at(-1);
  if (!hasMore || last === undefined) return null;
  return toCursorText({ startedAt: Number(pgColumn(last, "started_at")), id: String(pgColumn(last, "call_id")) });
}

/** Reads a page of the log. */
export async function readPostgresCalls(query: QueryPostgres, plan: CallsPlan): Promise<CallsPage> {
  const parameters = createParameters();
  const rows = await query(selectPage(parameters, plan), parameters.values);
  const page = rows.slice(0, plan.limit);
  return {
    calls: page.map((row) => toCallSummary(unpackRecord(parsePackedRecord(String(pgColumn(row, "line")))))),
    next: nextOf(page, rows.length > plan.limit),
  };
}

/** Reads a page of whole calls. The lengths of stored texts are known without reading them. */
export async function readPostgresRecords(query: QueryPostgres, plan: CallsPlan): Promise<RecordsPage> {
  const parameters = createParameters();
  const rows = await query(
    `WITH page AS (${selectPage(parameters, plan)}), sized AS (
       SELECT page.*, content, sum(octet_length(content)) OVER (
         ORDER BY started_at DESC, call_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
       ) AS bytes_before
       FROM page LEFT JOIN babylon_records_content USING (call_id, started_at)
     )
     SELECT call_id, started_at, line, content, (SELECT count(*) FROM page) AS found FROM sized
     WHERE coalesce(bytes_before, 0) < ${parameters.add(MAX_READ_BYTES)} ORDER BY started_at DESC, call_id DESC`,
    parameters.values,
  );
  const page = rows.slice(0, plan.limit);
  const found = rows[0] === undefined ? 0 : Number(pgColumn(rows[0], "found"));
  return { records: toRecords(page), next: nextOf(page, found > page.length) };
}

function* toRecords(rows: readonly unknown[]): Generator<CallRecord> {
  for (const row of rows) yield toRecord(row);
}

function toRecord(row: unknown): CallRecord {
  const stored = pgColumn(row, "content");
  const content: CallRecord["content"] = typeof stored === "string" ? JSON.parse(stored) : undefined;
  return unpackRecord(parsePackedRecord(String(pgColumn(row, "line"))), content);
}

/** Reads a call with its content, if that is stored. */
export async function readPostgresCall(
  query: QueryPostgres,
  callId: string,
  startedAt: number | null,
): Promise<CallRecord | null> {
  const [row] = await query(
    `SELECT line, content FROM babylon_records_calls LEFT JOIN babylon_records_content USING (call_id, started_at)
     WHERE call_id = $1${startedAt === null ? "" : " AND started_at = $2"} ORDER BY started_at DESC LIMIT 1`,
    // The start chooses one partition.
    [callId, ...(startedAt === null ? [] : [startedAt])],
  );
  return row === undefined ? null : toRecord(row);
}
