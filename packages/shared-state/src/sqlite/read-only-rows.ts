import type { SqliteDatabase } from "@babylon/storage";
import type { Stamp } from "../contract/state-engine.ts";
import type { LedgerRows } from "../ledger/ledger-rows.ts";
import { sqliteLedgerRows } from "./sqlite-ledger-rows.ts";
import { readStamp } from "./sqlite-time.ts";

/** Thrown where an operation would change something. */
class ChangeNeeded extends Error {}

const refuseChange = (): never => {
  throw new ChangeNeeded();
};

function readOnlyRows(database: SqliteDatabase, prefix: string): LedgerRows {
  const { window, reservation } = sqliteLedgerRows(database, prefix);
  return {
    window,
    reservation,
    saveWindow: refuseChange,
    saveReservation: refuseChange,
    addWriteOff: refuseChange,
    takeDue(nowEpochMs) {
      const sql = `SELECT 1 FROM ${prefix}_reservations WHERE until <= ? LIMIT 1`;
      return database.prepare(sql).get(nowEpochMs) === undefined ? [] : refuseChange();
    },
  };
}

/** The result of work that changes nothing, without the lock for writes; `null`: it has to change something. */
export function withoutLock<T extends object>(
  database: SqliteDatabase,
  prefix: string,
  work: (rows: LedgerRows, stamp: Stamp) => T,
): T | null {
  database.exec("BEGIN");
  try {
    return work(readOnlyRows(database, prefix), readStamp(database, prefix, refuseChange));
  } catch (thrown) {
    if (thrown instanceof ChangeNeeded) return null;
    throw thrown;
  } finally {
    database.exec("ROLLBACK");
  }
}
