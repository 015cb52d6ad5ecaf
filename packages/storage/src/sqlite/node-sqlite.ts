import type { DatabaseSync, StatementSync } from "node:sqlite";

/** What a column may hold. */
export type SqliteValue = string | number | bigint | null | Uint8Array;

/** A row that a statement returned. */
export type SqliteRow = Readonly<Record<string, SqliteValue>>;

/** A prepared statement. */
export interface SqliteStatement {
  /** The first row. For reading: a statement that writes is run by `all` or `run`. */
  get(...parameters: SqliteValue[]): SqliteRow | undefined;
  /** All rows. A statement that writes is committed when they are there. */
  all(...parameters: SqliteValue[]): readonly SqliteRow[];
  /** The number of rows that it inserted, updated or deleted. */
  run(...parameters: SqliteValue[]): number;
}

/** An open database of `node:sqlite`. Calls run in this process and at once; a lock is waited for 5 ms at most. */
export interface SqliteDatabase {
  /** The statement of a text; the same text is prepared once. */
  prepare(sql: string): SqliteStatement;
  /** Runs statements that return nothing. */
  exec(sql: string): void;
  /** More than once does no harm. */
  close(): void;
}

/**
 * How long the driver may wait for a lock, milliseconds. It blocks the whole process while it does, so the real waiting is done
 * outside of it.
 */
const BUSY_TIMEOUT_MS = 5;

/** Opens a path, or a `file:` URL where there is something to say about how to open it (sqlite.org/uri.html). */
export async function openNodeSqlite(filename: string, readOnly: boolean): Promise<SqliteDatabase> {
  const sqlite = await import("node:sqlite");
  const database = new sqlite.DatabaseSync(filename, { readOnly, timeout: BUSY_TIMEOUT_MS });
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = wrap(database.prepare(sql));
      prepared.set(sql, statement);
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
    run: (...parameters) => Number(statement.run(...parameters).changes),
  };
}

function closeQuietly(database: DatabaseSync): void {
  try {
    database.close();
  } catch {
    // Closed already.
  }
}
