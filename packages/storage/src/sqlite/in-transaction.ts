import type { SqliteDatabase } from "./node-sqlite.ts";

/** Runs work in one transaction that locks the database for writes at its start. Nothing of it is stored if it throws. */
export function inTransaction<T>(database: SqliteDatabase, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (thrown) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, such as when the disk is full.
    }
    throw thrown;
  }
}
