import { inTransaction, type SqliteDatabase, type SqliteRow, type SqliteValue } from "@babylon/storage";
import type { EraseRequest, Retention } from "../contract/record-engine.ts";
import { SUM_DIMENSIONS } from "../sums/add-call.ts";
import { renameSums } from "../sums/rename-sums.ts";
import { QUARTERS_OF, SUMS_LEVELS, sumsKey } from "../sums/sums-key.ts";
import { nextTurn } from "../usage/next-turn.ts";
import { QUARTER_MS } from "../usage/quarter.ts";
import { markStale } from "./mark-stale.ts";
import type { PatientDatabase } from "./patience.ts";

const DAY_MS = 86_400_000;
/** Rows that are removed in one transaction: a few milliseconds, in which another process cannot write. */
const ROWS_PER_STEP = 100;

/** Repeats a statement that removes some rows until it removes none. */
async function removeInSteps(storage: PatientDatabase, sql: string, parameters: readonly SqliteValue[]): Promise<void> {
  for (;;) {
    const removed = await storage.use((database) => database.prepare(sql).run(...parameters));
    if (removed === 0) return;
    await nextTurn();
  }
}

/** Removes what is older than its retention. */
export async function pruneRows(storage: PatientDatabase, retention: Retention, nowEpochMs: number): Promise<void> {
  const oldest = (days: number): number => nowEpochMs - days * DAY_MS;
  const some = `(SELECT rowid FROM %s WHERE started_at < ? ORDER BY started_at LIMIT ${ROWS_PER_STEP})`;
  const remove = (table: string): string => `DELETE FROM ${table} WHERE rowid IN ${some.replace("%s", table)}`;
  await removeInSteps(storage, remove("records_content"), [
    oldest(Math.min(retention.keepContentDays, retention.keepDays)),
  ]);
  const firstKept = Math.ceil(oldest(retention.keepDays) / QUARTER_MS);
  const packed = `DELETE FROM records_packed_calls WHERE quarter IN
    (SELECT quarter FROM records_packed_calls WHERE quarter < ? LIMIT ${ROWS_PER_STEP})`;
  await removeInSteps(storage, packed, [firstKept]);
  await removeInSteps(storage, remove("records_calls"), [oldest(retention.keepDays)]);
  // Late calls may have been packed meanwhile.
  await removeInSteps(storage, packed, [firstKept]);
  const end = Math.floor(oldest(retention.keepSumsDays) / QUARTER_MS);
  const sums = `DELETE FROM records_sums WHERE key IN
    (SELECT key FROM records_sums WHERE key >= ? AND key < ? LIMIT ${ROWS_PER_STEP})`;
  for (const dimension of SUM_DIMENSIONS) {
    for (const level of SUMS_LEVELS) {
      const period = Math.floor(end / QUARTERS_OF[level]);
      await removeInSteps(storage, sums, [sumsKey(dimension, level, 0), sumsKey(dimension, level, period)]);
    }
  }
}

/**
 * Removes the calls of a tenant, or one call, with their content; their place in the file is overwritten. Sums stay, those of a tenant under
 * another name. Returns the number of calls.
 */
export async function eraseCalls(storage: PatientDatabase, request: EraseRequest): Promise<number> {
  try {
    if ("callId" in request) return await removeCalls(storage, "call_id = ?", request.callId);
    const removed = await removeCalls(storage, "tenant = ?", request.tenant);
    await renameTenant(storage, request.tenant);
    return removed;
  } finally {
    // The log of the database has older copies of its pages. Without effect while another process reads.
    await storage.use((database) => database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get());
  }
}

async function removeCalls(storage: PatientDatabase, condition: string, value: string): Promise<number> {
  const ids = await storage.use((database) =>
    database.prepare(`SELECT id, started_at FROM records_calls WHERE ${condition}`).all(value),
  );
  for (let at = 0; at < ids.length; at += ROWS_PER_STEP) {
    const step = ids.slice(at, at + ROWS_PER_STEP);
    await storage.use((database) => inTransaction(database, () => removeStep(database, step)));
    await nextTurn();
  }
  return ids.length;
}

function removeStep(database: SqliteDatabase, rows: readonly SqliteRow[]): void {
  for (const row of rows) {
    const id = Number(row.id);
    // Packed calls have its names, too; the next writes pack the hour again.
    markStale(database, Math.floor(Number(row.started_at) / QUARTER_MS / QUARTERS_OF.hour));
    database
      .prepare(
        "DELETE FROM records_content WHERE (started_at, call_id) = (SELECT started_at, call_id FROM records_calls WHERE id = ?)",
      )
      .run(id);
    database.prepare("DELETE FROM records_calls WHERE id = ?").run(id);
  }
}

async function renameTenant(storage: PatientDatabase, tenant: string): Promise<void> {
  for (const level of SUMS_LEVELS) {
    let from = sumsKey("tenant", level, 0);
    const to = sumsKey("tenant", level, 2 ** 35);
    for (;;) {
      const last = await storage.use((database) =>
        inTransaction(database, () => renameStep(database, from, to, tenant)),
      );
      if (last === null) break;
      from = last + 1;
      await nextTurn();
    }
  }
}

/** Returns the last key; `null`: there was none. */
function renameStep(database: SqliteDatabase, from: number, to: number, tenant: string): number | null {
  const rows = database
    .prepare(`SELECT key, sums FROM records_sums WHERE key >= ? AND key < ? ORDER BY key LIMIT ${ROWS_PER_STEP}`)
    .all(from, to);
  for (const { key, sums } of rows) {
    const renamed = sums instanceof Uint8Array ? renameSums(sums, tenant) : null;
    if (renamed !== null) database.prepare("UPDATE records_sums SET sums = ? WHERE key = ?").run(renamed, Number(key));
  }
  const last = rows.at(-1);
  return last === undefined ? null : Number(last.key);
}
