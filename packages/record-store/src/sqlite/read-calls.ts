import type { CallRecord } from "@babylon/llm-core";
import type { SqliteDatabase, SqliteValue } from "@babylon/storage";
import type { CallsPage } from "../contract/calls-query.ts";
import { MAX_READ_BYTES } from "../queue/record-limits.ts";
import { toCallSummary } from "../record/to-call-summary.ts";
import { parsePackedRecord, unpackRecord } from "../record/unpack-record.ts";
import { type CallsPlan, toCursorText } from "../usage/plan-calls.ts";
import { nameConditions } from "./name-conditions.ts";
import type { PageWriter } from "./packed-page.ts";
import type { PackedPage } from "./worker-messages.ts";

/** `[id, started_at, line]`, or without the line; one row more than the page has, if there is one. */
function readRows(
  database: SqliteDatabase,
  { where, from, to, before, limit }: CallsPlan,
  columns: "id, started_at, line" | "id, started_at",
): readonly (readonly SqliteValue[])[] {
  const filter = nameConditions(where);
  const end = before?.startedAt ?? Number.MAX_SAFE_INTEGER;
  return database
    .prepare(
      `SELECT ${columns} FROM records_calls INDEXED BY records_calls_by_time
       WHERE started_at >= ? AND started_at <= ? AND started_at < ? AND (started_at < ? OR id < ?)${filter.sql}
       ORDER BY started_at DESC, id DESC LIMIT ?`,
    )
    .arrays(
      from,
      end,
      to ?? Number.MAX_SAFE_INTEGER,
      end,
      before === null ? Number.MAX_SAFE_INTEGER : Number(before.id),
      ...filter.parameters,
      limit + 1,
    );
}

/** The cursor behind the first rows, if there are more. */
function nextOf(rows: readonly (readonly SqliteValue[])[], count: number): string | null {
  const last = rows[count - 1];
  if (rows.length <= count || last === undefined) return null;
  return toCursorText({ startedAt: Number(last[1]), id: String(last[0]) });
}

/** Reads a page of the log. */
export function readCalls(database: SqliteDatabase, plan: CallsPlan): CallsPage {
  const rows = readRows(database, plan, "id, started_at, line");
  return {
    calls: rows.slice(0, plan.limit).map(([, , line]) => toCallSummary(unpackRecord(parsePackedRecord(String(line))))),
    next: nextOf(rows, plan.limit),
  };
}

const WHOLE_CALL =
  "SELECT line, content FROM records_calls LEFT JOIN records_content USING (started_at, call_id) WHERE id = ?";

/** Reads a page of whole calls, one after the other: rows that wait for the others would outlive collections, and the thread's heap grows by it. */
export function readPackedPage(database: SqliteDatabase, plan: CallsPlan, page: PageWriter): PackedPage {
  const rows = readRows(database, plan, "id, started_at");
  let count = 0;
  for (const [id] of rows.slice(0, plan.limit)) {
    const [[line, content] = []] = database.prepare(WHOLE_CALL).arrays(Number(id));
    page.add(String(line), String(content ?? ""));
    count += 1;
    if (page.size >= MAX_READ_BYTES) break;
  }
  return { bytes: page.take(), next: nextOf(rows, count) };
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
