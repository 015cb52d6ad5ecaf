import type { Clock } from "@babylon/llm-core";
import { inTransaction, type SqliteDatabase, type SqliteStorage } from "@babylon/storage";
import { KEEP_ENDED_WINDOW_MS } from "../contract/retention.ts";
import type { Stamp, StateEngine } from "../contract/state-engine.ts";
import { ledgerOnRows } from "../ledger/ledger-on-rows.ts";
import type { LedgerRows } from "../ledger/ledger-rows.ts";
import { factsInSqlite, sayInSqlite } from "./sqlite-facts.ts";
import { keysInSqlite, sqliteLedgerRows } from "./sqlite-ledger-rows.ts";
import { acquireInSqlite, renewInSqlite } from "./sqlite-slots.ts";
import { readStamp } from "./sqlite-time.ts";
import { watchFacts } from "./watch-facts.ts";

/** Input of {@link createSqliteEngine}. */
export interface SqliteStateOptions {
  /** Its tables were created by `createSqliteTables`. */
  readonly storage: SqliteStorage;
  readonly prefix: string;
  /** Creates the id of a stored state; another one each time, so that an emptied store never gets the one it had. */
  readonly createEpoch: () => string;
  readonly clock: Clock;
}

/** Creates an engine in a file that the processes of one machine share. */
export function createSqliteEngine({ storage, prefix, createEpoch, clock }: SqliteStateOptions): StateEngine {
  const transact = <T>(work: (database: SqliteDatabase) => T, signal: AbortSignal): Promise<T> =>
    storage.use((database) => inTransaction(database, () => work(database)), signal);

  const onRows = <T>(work: (rows: LedgerRows, stamp: Stamp) => T, signal: AbortSignal): Promise<T> =>
    transact((database) => work(sqliteLedgerRows(database, prefix), readStamp(database, prefix, createEpoch)), signal);

  /** Deletes what has ended. */
  function tidy(database: SqliteDatabase, now: number): void {
    database.prepare(`DELETE FROM ${prefix}_windows WHERE ends_at < ?`).run(now - KEEP_ENDED_WINDOW_MS);
    for (const table of ["processes", "leases", "facts"]) {
      database.prepare(`DELETE FROM ${prefix}_${table} WHERE ends_at <= ?`).run(now);
    }
  }

  return {
    kind: "sqlite",
    location: storage.location,
    reserve: (input, signal) => onRows((rows, stamp) => ledgerOnRows.reserve(rows, stamp, input), signal),
    settle: (input, signal) => onRows((rows, stamp) => ledgerOnRows.settle(rows, stamp, input), signal),
    sums: (keys, signal) => onRows((rows, stamp) => ledgerOnRows.sums(rows, stamp, keys), signal),
    keys: (query, signal) => storage.use((database) => keysInSqlite(database, prefix, query), signal),
    writeOff: (key, presumed, signal) =>
      onRows((rows, stamp) => ledgerOnRows.writeOff(rows, stamp, key, presumed), signal),
    restore: (scopes, signal) => onRows((rows, stamp) => ledgerOnRows.restore(rows, stamp, scopes), signal),

    acquire: (input, signal) => transact((database) => acquireInSqlite(database, prefix, input), signal),
    renew: (key, lease, ttlMs, signal) =>
      transact((database) => renewInSqlite(database, prefix, { key, lease, ttlMs }), signal),
    async release(key, lease, signal) {
      const sql = `DELETE FROM ${prefix}_leases WHERE key = ? AND lease = ?`;
      await storage.use((database) => database.prepare(sql).run(key, lease), signal);
    },

    say: (fact, signal) => transact((database) => sayInSqlite(database, prefix, fact), signal),
    facts: async (signal) => (await storage.use((database) => factsInSqlite(database, prefix, 0), signal)).facts,
    subscribe: (listener, signal) => watchFacts(storage, { clock, prefix }, listener, signal),

    beat: (processId, ttlMs, signal) =>
      transact((database) => {
        const stamp = readStamp(database, prefix, createEpoch);
        const end = stamp.nowEpochMs + ttlMs;
        database.prepare(`REPLACE INTO ${prefix}_processes VALUES (?, ?)`).run(processId, end);
        tidy(database, stamp.nowEpochMs);
        const row = database.prepare(`SELECT count(*) AS processes FROM ${prefix}_processes`).get();
        return { ...stamp, processes: Number(row?.processes) };
      }, signal),
    keep: (name, value, signal) =>
      transact((database) => {
        database.prepare(`INSERT OR IGNORE INTO ${prefix}_kept VALUES (?, ?)`).run(name, value);
        return String(database.prepare(`SELECT value FROM ${prefix}_kept WHERE name = ?`).get(name)?.value);
      }, signal),
    close: () => storage.close(),
  };
}
