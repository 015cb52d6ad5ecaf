import type { CallRecord } from "@babylon/llm-core";
import type { CallsPage } from "../contract/calls-query.ts";
import type { RecordsPage } from "../contract/record-engine.ts";
import { toCallSummary } from "../record/to-call-summary.ts";
import { parsePackedRecord, unpackRecord } from "../record/unpack-record.ts";
import { type CallsPlan, toCursorText } from "../usage/plan-calls.ts";
import type { ClickhouseClient } from "./clickhouse-client.ts";
import { type ClickhouseRow, readRows } from "./read-rows.ts";
import { clickhouseConditions, quoteText } from "./sql-text.ts";

/** The rows of a page, and one more if there is one. Copies of a call are equal and beside each other, so that they need not be merged before (FINAL). */
function readPage(
  client: ClickhouseClient,
  columns: string,
  { where, from, to, before, limit }: CallsPlan,
): Promise<readonly ClickhouseRow[]> {
  const conditions = [`started_at >= ${Math.ceil(from)}`];
  if (to !== null) conditions.push(`started_at < ${Math.ceil(to)}`);
  if (before !== null) {
    const start = Math.floor(before.startedAt);
    // The first condition is that of the index.
    conditions.push(`started_at <= ${start}`, `(started_at, call_id) < (${start}, ${quoteText(before.id)})`);
  }
  conditions.push("line != ''");
  return readRows(
    client,
    `SELECT started_at, call_id, ${columns} FROM babylon_records WHERE ${conditions.join(" AND ")}${clickhouseConditions(where, (name) => name)} ` +
      `ORDER BY started_at DESC, call_id DESC LIMIT 1 BY started_at, call_id LIMIT ${limit + 1}`,
  );
}

/** The cursor behind a page, if there are more rows. */
function nextOf(rows: readonly ClickhouseRow[], limit: number): string | null {
  const last = rows[limit - 1];
  return rows.length <= limit || last === undefined
    ? null
    : toCursorText({ startedAt: Number(last[0]), id: String(last[1]) });
}

/** Reads a page of the log. */
export async function readClickhouseCalls(client: ClickhouseClient, plan: CallsPlan): Promise<CallsPage> {
  const rows = await readPage(client, "line", plan);
  return {
    calls: rows.slice(0, plan.limit).map(([, , line]) => toCallSummary(unpackRecord(parsePackedRecord(String(line))))),
    next: nextOf(rows, plan.limit),
  };
}

/** Reads a page of whole calls, however long they are: a reply is one document. */
export async function readClickhouseRecords(client: ClickhouseClient, plan: CallsPlan): Promise<RecordsPage> {
  const rows = await readPage(client, "line, content", plan);
  return { records: toRecords(rows.slice(0, plan.limit)), next: nextOf(rows, plan.limit) };
}

function* toRecords(rows: readonly ClickhouseRow[]): Generator<CallRecord> {
  for (const [, , line, content] of rows) yield toRecord(line, content);
}

function toRecord(line: unknown, stored: unknown): CallRecord {
  const content: CallRecord["content"] = stored === "" ? undefined : JSON.parse(String(stored));
  return unpackRecord(parsePackedRecord(String(line)), content);
}

/** Reads a call with its content, if that is stored. */
export async function readClickhouseCall(
  client: ClickhouseClient,
  callId: string,
  startedAt: number | null = null,
): Promise<CallRecord | null> {
  const atStart = startedAt === null ? "" : ` AND started_at = ${Math.trunc(startedAt)}`;
  const [row] = await readRows(
    client,
    `SELECT line, content FROM babylon_records WHERE call_id = ${quoteText(callId)}${atStart} AND line != '' ORDER BY started_at DESC LIMIT 1`,
  );
  return row === undefined ? null : toRecord(row[0], row[1]);
}
