import type { SqliteDatabase } from "@babylon/storage";

/**
 * Creates the missing tables. Not synced with each commit (sqlite.org/pragma.html#pragma_synchronous): a crash of a process loses nothing,
 * a crash of the machine may lose the last moments.
 */
export function createSqliteTables(database: SqliteDatabase, prefix: string): void {
  database.exec(`
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS ${prefix}_kept(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ${prefix}_windows(key TEXT PRIMARY KEY, spent INTEGER NOT NULL, presumed INTEGER NOT NULL,
  held INTEGER NOT NULL, ends_at INTEGER, restored_spent INTEGER NOT NULL, restored_presumed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ${prefix}_reservations(id TEXT PRIMARY KEY, state TEXT NOT NULL, content TEXT, until INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ${prefix}_reservations_until ON ${prefix}_reservations(until);
CREATE TABLE IF NOT EXISTS ${prefix}_leases(key TEXT, lease TEXT, ends_at INTEGER NOT NULL, PRIMARY KEY(key, lease)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ${prefix}_turns(number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, holder TEXT NOT NULL,
  asked_at INTEGER NOT NULL, UNIQUE(key, holder));
CREATE TABLE IF NOT EXISTS ${prefix}_facts(number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, fact TEXT NOT NULL,
  ends_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS ${prefix}_write_offs(number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, key TEXT NOT NULL,
  amount INTEGER NOT NULL, actor TEXT, reason TEXT);
CREATE TABLE IF NOT EXISTS ${prefix}_alive(id TEXT PRIMARY KEY, ends_at INTEGER NOT NULL, settled_in TEXT NOT NULL) WITHOUT ROWID;
`);
}
