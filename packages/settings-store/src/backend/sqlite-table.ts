import { quoteIdentifier, type SqliteDatabase } from "@babylon/storage";
import { SettingsError } from "../errors/settings-error.ts";
import { refuseOtherMajor } from "./incompatible-store.ts";
import { columnOf, layoutOf, type TableLayout } from "./table-layout.ts";

/** A table of an SQLite database. */
export interface SqliteTable {
  readonly table: string;
  readonly layout: TableLayout;
  /** Names the file, for errors. */
  readonly location: string;
}

/** Throws `incompatible_store` for a table of the other major version of Keyv. Changes nothing. */
export function checkSqliteTable(database: SqliteDatabase, { table, layout, location }: SqliteTable): void {
  refuseOtherMajor(layoutOf(columnsOf(database, table)), layout, location);
}

/** For a read-only database: throws `unavailable` when the table does not exist. */
export function requireSqliteTable(database: SqliteDatabase, use: SqliteTable): void {
  checkSqliteTable(database, use);
  if (columnsOf(database, use.table).length > 0) return;
  const message = `${use.location} cannot be used: it has no table ${use.table}`;
  throw new SettingsError({ code: "unavailable", retryable: false, message });
}

/** Creates the table if it is missing, as the adapters of Keyv do (6.0.0-beta.4 for Keyv 6, 4.0.8 for Keyv 5). */
export function createSqliteTable(database: SqliteDatabase, { table, layout }: SqliteTable): void {
  const columns = columnsOf(database, table);
  const name = quoteIdentifier(table);
  if (layout === "keyv-5") {
    if (columns.length === 0)
      database.exec(`CREATE TABLE IF NOT EXISTS ${name}(key VARCHAR(255) PRIMARY KEY, value TEXT)`);
    return;
  }
  if (columns.length === 0) {
    const definition =
      "key VARCHAR(255) NOT NULL, value TEXT, namespace VARCHAR(255) NOT NULL DEFAULT '', expires BIGINT DEFAULT NULL, UNIQUE(key, namespace)";
    const index = `CREATE INDEX IF NOT EXISTS ${quoteIdentifier(`${table}_expires_idx`)} ON ${name} (expires) WHERE expires IS NOT NULL`;
    database.exec(`BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS ${name}(${definition}); ${index}; COMMIT`);
  } else if (!columns.includes("expires")) {
    database.exec(`ALTER TABLE ${name} ADD COLUMN expires BIGINT DEFAULT NULL`);
  }
}

function columnsOf(database: SqliteDatabase, table: string): readonly string[] {
  return columnOf(database.prepare(`PRAGMA table_info(${quoteIdentifier(table)})`).all(), "name").map(String);
}
