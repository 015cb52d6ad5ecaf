import { type SqliteDatabase, StorageError } from "@babylon/storage";

/** The version of the tables. */
const VERSION = 1;

/**
 * The key of a call begins with its start: an index of random ids alone would change a page for each call, and doubles the time of a write. A
 * record that arrives again has the same start.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS records_meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records_calls(
  id INTEGER PRIMARY KEY,
  call_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  agent TEXT NOT NULL,
  tenant TEXT NOT NULL,
  purpose TEXT NOT NULL,
  figures BLOB NOT NULL,
  line TEXT NOT NULL,
  UNIQUE(started_at, call_id)
);
CREATE INDEX IF NOT EXISTS records_calls_by_time
  ON records_calls(started_at, outcome, provider, model, agent, tenant, purpose);
CREATE TABLE IF NOT EXISTS records_content(
  call_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  content TEXT NOT NULL,
  UNIQUE(started_at, call_id)
);
CREATE TABLE IF NOT EXISTS records_sums(key INTEGER PRIMARY KEY, sums BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS records_packed_calls(quarter INTEGER PRIMARY KEY, calls BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS records_stale_hours(hour INTEGER PRIMARY KEY);
INSERT OR IGNORE INTO records_meta VALUES ('version', ${VERSION});
`;

/** Creates missing tables; sets what a connection needs. Throws `corrupt` for tables of a newer version. */
export function prepareTables(database: SqliteDatabase): void {
  // A crash of the machine may lose the last second; a crash of the process loses nothing.
  // What is removed, or replaced in the sums, is overwritten: names and prompts do not stay in unused parts of the file.
  database.exec("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000; PRAGMA secure_delete = ON");
  database.exec(TABLES);
  const version = database.prepare("SELECT value FROM records_meta WHERE name = 'version'").get()?.value;
  if (typeof version === "number" && version > VERSION) {
    const message = `the records were written by a newer version (${version}; this one reads up to ${VERSION})`;
    throw new StorageError({ code: "corrupt", message, applied: "no" });
  }
}
