import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BUSY_TIMEOUT_MS } from "./busy-timeout.ts";

/** A value of a column. */
export type SqliteValue = string | number | bigint | null | Uint8Array;

/** A row of a result. */
export type SqliteRow = Readonly<Record<string, SqliteValue>>;

/** A prepared statement. */
export interface SqliteStatement {
  /** The first row. For reads only: run a statement that writes with `all` or `run`. */
  get(...parameters: SqliteValue[]): SqliteRow | undefined;
  /** All rows. A statement that writes is committed when this returns. */
  all(...parameters: SqliteValue[]): readonly SqliteRow[];
  /** All rows as arrays, in the order of the columns: for many rows half the time of `all`. For reads only. */
  arrays(...parameters: SqliteValue[]): readonly (readonly SqliteValue[])[];
  /** Runs the statement and returns the number of rows that it inserted, updated or deleted. */
  run(...parameters: SqliteValue[]): number;
}

/** An open database of `node:sqlite`. Calls are synchronous; they wait for a lock for at most `BUSY_TIMEOUT_MS`. */
export interface SqliteDatabase {
  /** Prepares a statement; equal SQL text is prepared once. */
  prepare(sql: string): SqliteStatement;
  /** Runs statements that return nothing. */
  exec(sql: string): void;
  /** Closes the database. Idempotent. */
  close(): void;
}

/** Opens a path, or a `file:` URL with options for opening (sqlite.org/uri.html). */
export async function openNodeSqlite(filename: string, readOnly: boolean): Promise<SqliteDatabase> {
  const sqlite = await import("node:sqlite");
  const database = new sqlite.DatabaseSync(filename, { readOnly, timeout: BUSY_TIMEOUT_MS });
  const statements = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = wrap(database.prepare(sql));
      statements.set(sql, statement);
      return statement;
    },
    exec: (sql) => database.exec(sql),
    close: () => closeQuietly(database),
  };
}

function wrap(statement: StatementSync): SqliteStatement {
  return {
    get: (...parameters) => statement.get(...parameters),
    all: (...parameters) => statement.all(...parameters),
    arrays(...parameters) {
      statement.setReturnArrays(true);
      try {
        // The types of Node 24 know rows as objects only.
        return statement.all(...parameters) as unknown as readonly (readonly SqliteValue[])[];
      } finally {
        statement.setReturnArrays(false);
      }
    },
    run: (...parameters) => Number(statement.run(...parameters).changes),
  };
}

function closeQuietly(database: DatabaseSync): void {
  try {
    database.close();
  } catch {
    // It is closed already.
  }
}
