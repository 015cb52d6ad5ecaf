import type { SqliteDatabase } from "@babylon/storage";
import type { WriteOff } from "../contract/ledger.ts";
import { KEPT_WRITE_OFFS, KEYS_PER_PAGE, type KeysPage, type KeysQuery } from "../contract/state-engine.ts";
import type { LedgerRows, ReservationPart, ReservationRow } from "../ledger/ledger-rows.ts";

/** Ended leases that one transaction handles at most. */
const MAX_DUE = 1_000;

/** The rows of a ledger in an open transaction. */
export function sqliteLedgerRows(database: SqliteDatabase, prefix: string): LedgerRows {
  return {
    window(key) {
      const row = database.prepare(`SELECT * FROM ${prefix}_windows WHERE key = ?`).get(key);
      if (row === undefined) return undefined;
      return {
        spent: Number(row.spent),
        presumed: Number(row.presumed),
        held: Number(row.held),
        endEpochMs: row.ends_at === null ? null : Number(row.ends_at),
        restoredSpent: Number(row.restored_spent),
        restoredPresumed: Number(row.restored_presumed),
      };
    },
    saveWindow(key, { spent, presumed, held, endEpochMs, restoredSpent, restoredPresumed }) {
      database
        .prepare(`REPLACE INTO ${prefix}_windows VALUES (?, ?, ?, ?, ?, ?, ?)`)
        .run(key, spent, presumed, held, endEpochMs, restoredSpent, restoredPresumed);
    },
    reservation(id) {
      const row = database.prepare(`SELECT state, content FROM ${prefix}_reservations WHERE id = ?`).get(id);
      return row === undefined ? undefined : toReservation(String(row.state), String(row.content));
    },
    saveReservation(id, row, untilEpochMs) {
      database
        .prepare(`REPLACE INTO ${prefix}_reservations VALUES (?, ?, ?, ?)`)
        .run(id, row.state, toContent(row), untilEpochMs);
    },
    addWriteOff({ atEpochMs, key, amount, actor, reason }) {
      const sql = `INSERT INTO ${prefix}_write_offs(at, key, amount, actor, reason) VALUES (?, ?, ?, ?, ?)`;
      database.prepare(sql).run(atEpochMs, key, amount, actor, reason);
      const oldest = `SELECT max(number) - ${KEPT_WRITE_OFFS} FROM ${prefix}_write_offs`;
      database.prepare(`DELETE FROM ${prefix}_write_offs WHERE number <= (${oldest})`).run();
    },
    takeDue(nowEpochMs) {
      const rows = database
        .prepare(`SELECT id, state, content FROM ${prefix}_reservations WHERE until <= ? LIMIT ${MAX_DUE}`)
        .all(nowEpochMs);
      const due: [string, readonly ReservationPart[]][] = [];
      for (const { id, state, content } of rows) {
        const row = toReservation(String(state), String(content));
        if (row.state === "held") due.push([String(id), row.parts]);
        else database.prepare(`DELETE FROM ${prefix}_reservations WHERE id = ?`).run(String(id));
      }
      return due;
    },
  };
}

/** The latest write-offs, the newest first. */
export function writeOffsInSqlite(database: SqliteDatabase, prefix: string, limit: number): readonly WriteOff[] {
  const rows = database.prepare(`SELECT * FROM ${prefix}_write_offs ORDER BY number DESC LIMIT ?`).all(limit);
  return rows.map(({ at, key, amount, actor, reason }) => ({
    atEpochMs: Number(at),
    key: String(key),
    amount: Number(amount),
    actor: actor === null ? null : String(actor),
    reason: reason === null ? null : String(reason),
  }));
}

/** A page of the keys of windows. */
export function keysInSqlite(database: SqliteDatabase, table: string, { prefix, cursor }: KeysQuery): KeysPage {
  const rows = database
    .prepare(`SELECT key FROM ${table}_windows WHERE key >= ? AND key > ? ORDER BY key LIMIT ${KEYS_PER_PAGE}`)
    .all(prefix, cursor ?? "");
  const all = rows.map(({ key }) => String(key));
  // Keys with the prefix follow each other.
  const keys = all.filter((key) => key.startsWith(prefix));
  return { keys, cursor: keys.length < KEYS_PER_PAGE ? null : (keys.at(-1) ?? null) };
}

function toContent(row: ReservationRow): string | null {
  switch (row.state) {
    case "held":
    case "expired":
      return JSON.stringify(row.parts);
    case "waiting":
      return JSON.stringify(row.amounts);
    case "settled":
      return null;
  }
}

/** Reads what `toContent` wrote. */
function toReservation(state: string, content: string): ReservationRow {
  if (state === "held" || state === "expired") return { state, parts: JSON.parse(content) };
  return state === "waiting" ? { state, amounts: JSON.parse(content) } : { state: "settled" };
}
