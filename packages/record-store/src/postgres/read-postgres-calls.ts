import type { CallRecord } from "@babylon/llm-core";
import type { QueryPostgres } from "@babylon/storage";
import type { CallsPage } from "../contract/calls-query.ts";
import { toCallSummary } from "../record/to-call-summary.ts";
import { parsePackedRecord, unpackRecord } from "../record/unpack-record.ts";
import { type CallsPlan, toCursorText } from "../usage/plan-calls.ts";
import { createParameters, postgresConditions } from "./postgres-conditions.ts";
import { pgColumn } from "./postgres-tables.ts";

/** Reads a page of the log. */
export async function readPostgresCalls(
  query: QueryPostgres,
  { where, from, to, before, limit }: CallsPlan,
): Promise<CallsPage> {
  const parameters = createParameters();
  const conditions = [`started_at >= ${parameters.add(from)}`];
  if (to !== null) conditions.push(`started_at < ${parameters.add(to)}`);
  if (before !== null) {
    // The first condition chooses partitions.
    const start = parameters.add(before.startedAt);
    conditions.push(`started_at <= ${start}`, `(started_at, call_id) < (${start}, ${parameters.add(before.id)})`);
  }
  const rows = await query(
    `SELECT call_id, started_at, line FROM babylon_records_calls
     WHERE ${conditions.join(" AND ")}${postgresConditions(parameters, where)}
     ORDER BY started_at DESC, call_id DESC LIMIT ${parameters.add(limit + 1)}`,
    parameters.values,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return {
    calls: page.map((row) => toCallSummary(unpackRecord(parsePackedRecord(String(pgColumn(row, "line")))))),
    next: hasMore
      ? toCursorText({ startedAt: Number(pgColumn(last, "started_at")), id: String(pgColumn(last, "call_id")) })
      : null,
  };
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
  if (row === undefined) return null;
  const stored = pgColumn(row, "content");
  const content: CallRecord["content"] = typeof stored === "string" ? JSON.parse(stored) : undefined;
  return unpackRecord(parsePackedRecord(String(pgColumn(row, "line"))), content);
}
