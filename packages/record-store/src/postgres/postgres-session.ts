import type { PostgresStorage, QueryPostgres } from "@babylon/storage";
import { beginChange } from "./postgres-tables.ts";

/** The limit of connecting and of each statement, milliseconds. */
export const STATEMENT_LIMIT_MS = 10_000;

/** Statements and transactions on the tables of records. */
export interface PostgresSession {
  /** Runs one statement. */
  readonly query: QueryPostgres;
  /** Runs several statements, which see one state of the tables and change nothing. */
  read<T>(work: (query: QueryPostgres) => Promise<T>): Promise<T>;
  /** Runs a change of the tables, in one transaction, while no other process changes them. */
  change<T>(work: (query: QueryPostgres) => Promise<T>): Promise<T>;
}

/** Creates the session of a storage. */
export function createPostgresSession(storage: PostgresStorage): PostgresSession {
  const options = (applied: "no" | "unknown") => ({ signal: AbortSignal.timeout(STATEMENT_LIMIT_MS), applied });
  return {
    query: (sql, parameters = []) => storage.query(sql, parameters, options("unknown")),
    read: (work) =>
      storage.transaction(async (query) => {
        await query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        return work(query);
      }, options("no")),
    change: (work) =>
      storage.transaction(async (query) => {
        await beginChange(query);
        return work(query);
      }, options("unknown")),
  };
}
