import type { CallRecord } from "@babylon/llm-core";
import type { SqliteDatabase } from "@babylon/storage";
import type { CallsPage } from "../contract/calls-query.ts";
import { toCallSummary } from "../record/to-call-summary.ts";
import { parsePackedRecord, unpackRecord } from "../record/unpack-record.ts";
import { type CallsPlan, toCursorText } from "../usage/plan-calls.ts";
import { nameConditions } from "./name-conditions.ts";

/** Reads a page of the log. */
export function readCalls(database: SqliteDatabase, { where, from, to, before, limit }: CallsPlan): CallsPage {
  const filter = nameConditions(where);
  const end = before?.startedAt ?? Number.MAX_SAFE_INTEGER;
  const rows = database
    .prepare(
      `SELECT id, started_at, line FROM records_calls INDEXED BY records_calls_by_time
       WHERE started_at >= ? AND started_at <= ? AND started_at < ? AND (started_at < ? OR id < ?)${filter.sql}
       ORDER BY started_at DESC, id DESC LIMIT ?`,
    )
    .all(
      from,
      end,
      to ?? Number.MAX_SAFE_INTEGER,
      end,
      before === null ? Number.MAX_SAFE_INTEGER : Number(before.id),
      ...filter.parameters,
      limit + 1,
    );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return {
    calls: page.map(({ line }) => toCallSummary(unpackRecord(parsePackedRecord(String(line))))),
    next: hasMore ? toCursorText({ startedAt: Number(last.started_at), id: String(last.id) }) : null,
  };
}

/** Reads a call with its content, if that is stored. */
export function readCall(database: SqliteDatabase, callId: string, startedAt: number | null): CallRecord | null {
  const row = database
    .prepare(
      // The key begins with the start. Without it, its index is read from the newest call on: 0.1 s for a million calls.
      `SELECT line, content FROM records_calls LEFT JOIN records_content USING (started_at, call_id)
       WHERE records_calls.call_id = ?${startedAt === null ? "" : " AND started_at = ?"} ORDER BY started_at DESC LIMIT 1`,
    )
    .get(callId, ...(startedAt === null ? [] : [startedAt]));
  if (row === undefined) return null;
  const content: CallRecord["content"] = typeof row.content === "string" ? JSON.parse(row.content) : undefined;
  return unpackRecord(parsePackedRecord(String(row.line)), content);
}
