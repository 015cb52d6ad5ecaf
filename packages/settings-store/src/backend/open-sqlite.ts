import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { makeFolder } from "../make-folder.ts";
import { SettingsError } from "../settings-error.ts";
import { messageOf } from "./backend-error.ts";
import { type AdapterClass, type ImportPackage, importAdapterClass } from "./import-adapter.ts";
import { refuseOtherMajor } from "./incompatible-store.ts";
import { columnOf, layoutOf, quoteIdentifier, type SqlAdapter, type TableLayout } from "./sql-adapter.ts";
import type { OpenedSqlite } from "./sqlite-backend.ts";
import { isBusy, isDamaged } from "./sqlite-errors.ts";

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
 * How long the driver may wait for a lock, milliseconds. It blocks the whole process while it does, so the real waiting is done
 * outside of it.
 */
const BUSY_TIMEOUT_MS = 5;

/**
 * Prepares to open a file: imports the adapter and makes the directory. Throws `unavailable`, naming the variable and the path,
 * where the file cannot be made or written.
 */
export async function prepareSqlite(
  { file, readOnly, table, at }: SqliteFile,
  importPackage: ImportPackage,
): Promise<(signal: AbortSignal) => Promise<OpenedSqlite>> {
  const [Adapter] = await Promise.all([importAdapterClass("@keyv/sqlite", "sqlite", importPackage), prepareFile()]);

  async function prepareFile(): Promise<void> {
    if (file === null) return;
    try {
      if (!readOnly) makeFolder(dirname(file));
      if (existsSync(file) && statSync(file).isDirectory()) throw new Error("it is a directory");
      accessSync(readOnly || existsSync(file) ? file : dirname(file), readOnly ? constants.R_OK : constants.W_OK);
    } catch (thrown) {
      throw cannotUse(file, at, thrown);
    }
  }

  return async () => {
    if (file !== null) await checkLayout(file, table, at);
    return openAdapter(Adapter, { file, readOnly, table, at });
  };
}

/** Looks at the table before the adapter does, because the adapter converts what another major version made. */
async function checkLayout(file: string, table: string, at: string): Promise<void> {
  if (!existsSync(file) || statSync(file).size === 0) return;
  const { DatabaseSync } = await import("node:sqlite");
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    try {
      const columns = database.prepare(`PRAGMA table_info(${quoteIdentifier(table)})`).all();
      refuseOtherMajor(layoutOf(columnOf(columns, "name").map(String)), "keyv-6", `${at}: ${file}`);
    } finally {
      database.close();
    }
  } catch (thrown) {
    if (isDamaged(thrown)) throw damaged(file, at, thrown);
    throw thrown;
  }
}

async function openAdapter(Adapter: AdapterClass, { file, readOnly, table, at }: SqliteFile): Promise<OpenedSqlite> {
  const adapter = new Adapter({
    uri: `sqlite://${filename(file, readOnly)}`,
    table,
    wal: file !== null,
    busyTimeout: BUSY_TIMEOUT_MS,
    driver: "node:sqlite",
  });
  if (!isSqliteAdapter(adapter)) {
    throw new SettingsError({
      code: "incompatible_store",
      message: "this version of @keyv/sqlite has no query and disconnect",
    });
  }
  try {
    await adapter.ready;
  } catch (thrown) {
    if (file === null || isBusy(thrown)) throw thrown;
    throw isDamaged(thrown) ? damaged(file, at, thrown) : cannotUse(file, at, thrown);
  }
  const layout: TableLayout = "keyv-6";
  return { adapter, layout, close: () => adapter.disconnect() };
}

/** SQLite takes a `file:` URL where there is something to say about how to open it (sqlite.org/uri.html). */
function filename(file: string | null, readOnly: boolean): string {
  if (file === null) return ":memory:";
  return readOnly ? `${pathToFileURL(file).href}?mode=ro` : file;
}

interface SqliteAdapter extends SqlAdapter {
  readonly ready: Promise<void>;
  disconnect(): Promise<void>;
}

function isSqliteAdapter(value: object): value is SqliteAdapter {
  const has = (name: string) => name in value && typeof Reflect.get(value, name) === "function";
  return has("query") && has("disconnect") && "ready" in value;
}

function cannotUse(file: string, at: string, cause: unknown): SettingsError {
  return new SettingsError({
    code: "unavailable",
    retryable: false,
    message: `${at}: ${file} cannot be used: ${messageOf(cause)}. Set BABYLON_SETTINGS_URL to a place that can be written, or to another backend.`,
    cause,
  });
}

function damaged(file: string, at: string, cause: unknown): SettingsError {
  return new SettingsError({
    code: "corrupt",
    message: `${at}: ${file} is no SQLite database: ${messageOf(cause)}`,
    cause,
  });
}
