import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../make-folder.ts";
import { SettingsError } from "../settings-error.ts";
import { watchPlace } from "./database-file.ts";
import { type AdapterClass, type ImportPackage, importAdapterClass } from "./import-adapter.ts";
import { refuseOtherMajor } from "./incompatible-store.ts";
import { type NodeSqlite, openNodeSqlite } from "./node-sqlite.ts";
import { openReadOnlySqlite } from "./open-read-only-sqlite.ts";
import { columnOf, layoutOf, quoteIdentifier, type SqlAdapter } from "./sql-adapter.ts";
import type { OpenedSqlite } from "./sqlite-backend.ts";
import { sqliteFileError } from "./sqlite-errors.ts";

/** An SQLite file to open with the adapter for Keyv 6, over the driver that Node brings. */
export interface SqliteFile {
  /** Absolute; `null` for a database in memory. */
  readonly file: string | null;
  readonly readOnly: boolean;
  readonly table: string;
  /** The option or variable that named the file, for errors. */
  readonly at: string;
}

/**
 * Prepares to open a file: imports the adapter and makes the directory. Throws `unavailable`, naming the variable and the path,
 * where the file cannot be made or written.
 */
export async function prepareSqlite(
  { file, readOnly, table, at }: SqliteFile,
  importPackage: ImportPackage,
): Promise<(signal: AbortSignal) => Promise<OpenedSqlite>> {
  if (file !== null) prepareFile({ file, readOnly, at });
  if (file !== null && readOnly) return () => openReadOnlySqlite({ file, table, at });
  const Adapter = await importAdapterClass("@keyv/sqlite", "sqlite", importPackage);
  return async () => {
    if (file !== null) await checkLayout(file, table, at);
    return openAdapter(Adapter, { file, table, at });
  };
}

function prepareFile({
  file,
  readOnly,
  at,
}: {
  readonly file: string;
  readonly readOnly: boolean;
  readonly at: string;
}) {
  try {
    if (!readOnly) makeFolder(dirname(file));
    if (existsSync(file) && statSync(file).isDirectory()) throw new Error("it is a directory");
    accessSync(readOnly || existsSync(file) ? file : dirname(file), readOnly ? constants.R_OK : constants.W_OK);
  } catch (thrown) {
    throw sqliteFileError({ file, at }, thrown);
  }
}

/** Looks at the table before the adapter does, because the adapter converts what another major version made. */
async function checkLayout(file: string, table: string, at: string): Promise<void> {
  if (!existsSync(file) || statSync(file).size === 0) return;
  try {
    const database = await openNodeSqlite(file, { readOnly: true, wal: false });
    try {
      const columns = await database.query(`PRAGMA table_info(${quoteIdentifier(table)})`);
      refuseOtherMajor(layoutOf(columnOf(columns, "name").map(String)), "keyv-6", `${at}: ${file}`);
    } finally {
      await database.close();
    }
  } catch (thrown) {
    throw sqliteFileError({ file, at }, thrown);
  }
}

async function openAdapter(
  Adapter: AdapterClass,
  { file, table, at }: Pick<SqliteFile, "file" | "table" | "at">,
): Promise<OpenedSqlite> {
  let connection: NodeSqlite | undefined;
  // The adapter's own driver leaves the file open when what it does first fails, on a full disk for one.
  const driver = {
    name: "node:sqlite",
    async connect() {
      connection = await openNodeSqlite(file ?? ":memory:", { readOnly: false, wal: file !== null });
      return connection;
    },
  };
  const adapter = new Adapter({ uri: `sqlite://${file ?? ":memory:"}`, table, driver });
  try {
    if (!isSqliteAdapter(adapter)) {
      throw new SettingsError({
        code: "incompatible_store",
        message: "this version of @keyv/sqlite has no query and disconnect",
      });
    }
    await adapter.ready;
    const place = file === null ? () => "same" as const : watchPlace(file, false);
    return { adapter, layout: "keyv-6", place, canReopen: file !== null, close: () => adapter.disconnect() };
  } catch (thrown) {
    await connection?.close();
    throw file === null ? thrown : sqliteFileError({ file, at }, thrown);
  }
}

interface SqliteAdapter extends SqlAdapter {
  readonly ready: Promise<void>;
  disconnect(): Promise<void>;
}

function isSqliteAdapter(value: object): value is SqliteAdapter {
  const has = (name: string) => name in value && typeof Reflect.get(value, name) === "function";
  return has("query") && has("disconnect") && "ready" in value;
}
