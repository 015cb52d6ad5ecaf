import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { makeFolder } from "../make-folder.ts";
import { type FileState, trackFileState } from "./file-state.ts";
import { openNodeSqlite, type SqliteDatabase } from "./node-sqlite.ts";
import { openReadOnly } from "./open-read-only.ts";
import { isSqliteError, sqliteFileError } from "./sqlite-errors.ts";
import type { SqliteOptions } from "./sqlite-options.ts";

/** An open connection and the state of its file. */
export interface OpenedFile {
  readonly database: SqliteDatabase;
  fileState(): FileState;
}

/** Creates the directory of a file that may be created. Throws `unavailable`, naming the option or variable, when the file cannot be created or written. */
export function prepareFile({ file, readOnly = false, create = true, at }: SqliteOptions): void {
  if (file === null || !create) return;
  try {
    if (!readOnly) makeFolder(dirname(file));
    if (existsSync(file) && statSync(file).isDirectory()) throw new Error("it is a directory");
    accessSync(readOnly || existsSync(file) ? file : dirname(file), readOnly ? constants.R_OK : constants.W_OK);
  } catch (thrown) {
    throw sqliteFileError({ file, at, readOnly }, thrown);
  }
}

/** Opens the file that has the path now. Errors of `check` and `prepare` that are not SQLite's are passed on. */
export async function openFile(options: SqliteOptions): Promise<OpenedFile> {
  const { file, at, readOnly = false, create = true, wal = true, check, prepare } = options;
  if (file === null) return openMemory(options);
  let database: SqliteDatabase | undefined;
  try {
    const opened = readOnly
      ? await openReadOnly(file)
      : { database: await openWritable(file, create), fileState: null };
    database = opened.database;
    check?.(database);
    if (!readOnly && wal) database.exec("PRAGMA journal_mode = WAL");
    if (!readOnly) prepare?.(database);
    return { database, fileState: opened.fileState ?? trackFileState(file, false) };
  } catch (thrown) {
    const isFromCallback = database !== undefined && !isSqliteError(thrown);
    database?.close();
    throw isFromCallback ? thrown : sqliteFileError({ file, at, readOnly }, thrown);
  }
}

async function openMemory({ check, prepare }: SqliteOptions): Promise<OpenedFile> {
  const database = await openNodeSqlite(":memory:", false);
  check?.(database);
  prepare?.(database);
  return { database, fileState: () => "same" };
}

/** SQLite opens the file with the first query, so one runs here. */
async function openWritable(file: string, create: boolean): Promise<SqliteDatabase> {
  const database = await openNodeSqlite(create ? file : `${pathToFileURL(file)}?mode=rw`, false);
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}
