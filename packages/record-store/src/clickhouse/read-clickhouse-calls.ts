import type { CallRecord } from "@babylon/llm-core";
import type { CallsPage } from "../contract/calls-query.ts";
import { toCallSummary } from "../record/to-call-summary.ts";
import { parsePackedRecord, unpackRecord } from "../record/unpack-record.ts";
import { type CallsPlan, toCursorText } from "../usage/plan-calls.ts";
import type { ClickhouseClient } from "./clickhouse-client.ts";
import { readRows } from "./read-rows.ts";
import { clickhouseConditions, quoteText } from "./sql-text.ts";

/** Reads a page of the log. Copies of a call are equal and beside each other, so that they need not be merged before (FINAL). */
export async function readClickhouseCalls(
  client: ClickhouseClient,
  { where, from, to, before, limit }: CallsPlan,
): Promise<CallsPage> {
  const conditions = [`started_at >= ${Math.ceil(from)}`];
  if (to !== null) conditions.push(`started_at < ${Math.ceil(to)}`);
  if (before !== null) {
    const start = Math.floor(before.startedAt);
    // The first condition is that of the index.
    conditions.push(`started_at <= ${start}`, `(started_at, call_id) < (${start}, ${quoteText(before.id)})`);
  }
  conditions.push("line != ''");
  const rows = await readRows(
    client,
    `SELECT started_at, call_id, line FROM babylon_records WHERE ${conditions.join(" AND ")}${clickhouseConditions(where, (name) => name)} ` +
      `ORDER BY started_at DESC, call_id DESC LIMIT 1 BY started_at, call_id LIMIT ${limit + 1}`,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return {
    calls: page.map(([, , line]) => toCallSummary(unpackRecord(parsePackedRecord(String(line))))),
    next: hasMore ? toCursorText({ startedAt: Number(last[0]), id: String(last[1]) }) : null,
  };
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
  if (row === undefined) return null;
  const [line, stored] = row;
  const content: CallRecord["content"] = stored === "" ? undefined : JSON.parse(String(stored));
  return unpackRecord(parsePackedRecord(String(line)), content);
}
