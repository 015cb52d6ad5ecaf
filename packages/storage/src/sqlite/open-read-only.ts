import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type FileState, trackFileState } from "./file-state.ts";
import { openNodeSqlite, type SqliteDatabase } from "./node-sqlite.ts";
import { isOpenFailure } from "./sqlite-errors.ts";

/** A file that is open for reads. */
export interface OpenedReadOnly {
  readonly database: SqliteDatabase;
  fileState(): FileState;
}

/**
 * Opens a file for reads only. A file in WAL mode needs `-wal` and `-shm` next to it even for reads; where they cannot be created, for
 * example on a read-only mount, the file is opened as immutable (sqlite.org/uri.html) and reopened whenever it changes.
 */
export async function openReadOnly(file: string): Promise<OpenedReadOnly> {
  const immutableFileState = trackFileState(file, true);
  try {
    return { database: await openReadable(file), fileState: trackFileState(file, false) };
  } catch (thrown) {
    if (!isOpenFailure(thrown)) throw thrown;
    if (hasUncheckpointedCommits(file)) {
      throw new Error(
        `its -wal file contains commits that cannot be read, because its -shm file cannot be created: make the directory writable, or move the commits into the database with sqlite3 ${file} "PRAGMA wal_checkpoint(TRUNCATE)"`,
        { cause: thrown },
      );
    }
    return { database: await openReadable(`${pathToFileURL(file).href}?immutable=1`), fileState: immutableFileState };
  }
}

/** SQLite opens the file with the first query, so one runs here. */
async function openReadable(filename: string): Promise<SqliteDatabase> {
  const database = await openNodeSqlite(filename, true);
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** Whether some commits are only in the `-wal` file, which an immutable connection does not read. */
function hasUncheckpointedCommits(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
