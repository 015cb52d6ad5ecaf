import type { Clock } from "@babylon/llm-core";
import type { SqliteDatabase, SqliteStorage } from "@babylon/storage";
import { KEEP_ENDED_WINDOW_MS } from "../contract/retention.ts";
import type { Stamp, StateEngine } from "../contract/state-engine.ts";
import { ledgerOnRows } from "../ledger/ledger-on-rows.ts";
import type { LedgerRows } from "../ledger/ledger-rows.ts";
import { createTurns } from "./create-turns.ts";
import { withoutLock } from "./read-only-rows.ts";
import { factsInSqlite, sayInSqlite } from "./sqlite-facts.ts";
import { keysInSqlite, sqliteLedgerRows, writeOffsInSqlite } from "./sqlite-ledger-rows.ts";
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
  /** How long the file may stay locked while nobody commits, milliseconds. */
  readonly silenceMs: number;
}

/** Creates an engine in a file that the processes of one machine share. */
export function createSqliteEngine(options: SqliteStateOptions): StateEngine {
  const { storage, prefix, createEpoch, clock, silenceMs } = options;
  let onProgress = (): void => {};
  const { run: transact } = createTurns({
    storage,
    clock,
    silenceMs,
    leaveMark: (database) => void database.prepare(`REPLACE INTO ${prefix}_kept VALUES ('turn', ?)`).run(createEpoch()),
    onProgress: () => onProgress(),
  });

  const onRows = <T>(work: (rows: LedgerRows, stamp: Stamp) => T, signal: AbortSignal): Promise<T> =>
    transact((database) => work(sqliteLedgerRows(database, prefix), readStamp(database, prefix, createEpoch)), signal);

  /** As `onRows`; where nothing has to be changed, as in a refusal, it does not wait for processes that write. */
  async function readFirst<T extends object>(
    work: (rows: LedgerRows, stamp: Stamp) => T,
    signal: AbortSignal,
  ): Promise<T> {
    const found = await storage.use((database) => withoutLock(database, prefix, work), signal);
    return found ?? onRows(work, signal);
  }

  /** Whether a limit was reached lately: then it probably is again. */
  let wasRefused = false;

  /** Deletes what has ended. */
  function tidy(database: SqliteDatabase, now: number): void {
    database.prepare(`DELETE FROM ${prefix}_windows WHERE ends_at < ?`).run(now - KEEP_ENDED_WINDOW_MS);
    for (const table of ["alive", "leases", "facts"]) {
      database.prepare(`DELETE FROM ${prefix}_${table} WHERE ends_at <= ?`).run(now);
    }
  }

  return {
    kind: "sqlite",
    location: storage.location,
    async reserve(input, signal) {
      const run = wasRefused ? readFirst : onRows;
      const reply = await run((rows, stamp) => ledgerOnRows.reserve(rows, stamp, input), signal);
      wasRefused = reply.kind === "refused";
      return reply;
    },
    settle: (input, signal) => onRows((rows, stamp) => ledgerOnRows.settle(rows, stamp, input), signal),
    sums: (keys, signal) => readFirst((rows, stamp) => ledgerOnRows.sums(rows, stamp, keys), signal),
    keys: (query, signal) => storage.use((database) => keysInSqlite(database, prefix, query), signal),
    writeOff: (input, signal) => onRows((rows, stamp) => ledgerOnRows.writeOff(rows, stamp, input), signal),
    writeOffs: (limit, signal) => storage.use((database) => writeOffsInSqlite(database, prefix, limit), signal),
    restore: (scopes, signal) => onRows((rows, stamp) => ledgerOnRows.restore(rows, stamp, scopes), signal),

    acquire: (input, signal) => transact((database) => acquireInSqlite(database, prefix, input), signal),
    renew: (key, lease, ttlMs, signal) =>
      transact((database) => renewInSqlite(database, prefix, { key, lease, ttlMs }), signal),
    async release(key, lease, signal) {
      const sql = `DELETE FROM ${prefix}_leases WHERE key = ? AND lease = ?`;
      await transact((database) => database.prepare(sql).run(key, lease), signal);
    },

    say: (fact, signal) => transact((database) => sayInSqlite(database, prefix, fact), signal),
    facts: async (signal) => (await storage.use((database) => factsInSqlite(database, prefix, 0), signal)).facts,
    subscribe: (listener, signal) => watchFacts(storage, { clock, prefix }, listener, signal),

    beat: ({ processId, ttlMs, settledIn }, signal) =>
      transact((database) => {
        const stamp = readStamp(database, prefix, createEpoch);
        const { nowEpochMs, epoch: generation } = stamp;
        database
          .prepare(`REPLACE INTO ${prefix}_alive VALUES (?, ?, ?)`)
          .run(processId, nowEpochMs + ttlMs, settledIn ?? generation);
        tidy(database, nowEpochMs);
        const row = database
          .prepare(`SELECT count(*) AS processes, total(settled_in = ?) AS settled FROM ${prefix}_alive`)
          .get(generation);
        return { ...stamp, generation, processes: Number(row?.processes), settled: Number(row?.settled) };
      }, signal),
    keep: (name, value, signal) =>
      transact((database) => {
        database.prepare(`INSERT OR IGNORE INTO ${prefix}_kept VALUES (?, ?)`).run(name, value);
        return String(database.prepare(`SELECT value FROM ${prefix}_kept WHERE name = ?`).get(name)?.value);
      }, signal),
    async remember(name, value, signal) {
      await transact(
        (database) => database.prepare(`REPLACE INTO ${prefix}_kept VALUES (?, ?)`).run(name, value),
        signal,
      );
    },
    remembered: (start, signal) =>
      storage.use((database) => {
        const sql = `SELECT name, value FROM ${prefix}_kept WHERE substr(name, 1, length(?1)) = ?1`;
        return database
          .prepare(sql)
          .all(start)
          .map(({ name, value }) => [String(name), String(value)] as const);
      }, signal),
    onReconnect() {},
    onProgress(listener) {
      onProgress = listener;
    },
    close: () => storage.close(),
  };
}
