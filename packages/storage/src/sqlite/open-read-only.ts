import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type FilePlace, watchPlace } from "./database-file.ts";
import { openNodeSqlite, type SqliteDatabase } from "./node-sqlite.ts";
import { needsFiles } from "./sqlite-errors.ts";

/** A file that is open for reading. */
export interface OpenedReadOnly {
  readonly database: SqliteDatabase;
  place(): FilePlace;
}

/**
 * Opens a file for reading alone. A file in WAL mode needs `-wal` and `-shm` beside it even so; where they cannot be made, as on a mount
 * that is read-only, the file is opened as immutable (sqlite.org/uri.html), and again whenever it changes.
 */
export async function openReadOnly(file: string): Promise<OpenedReadOnly> {
  const asItIs = watchPlace(file, true);
  try {
    return { database: await openReadable(file), place: watchPlace(file, false) };
  } catch (thrown) {
    if (!needsFiles(thrown)) throw thrown;
    if (hasUnsavedChanges(file)) {
      throw new Error(
        `its -wal holds changes that cannot be read here, because its -shm cannot be made: make the directory writable, or save them into the file with sqlite3 ${file} "PRAGMA wal_checkpoint(TRUNCATE)"`,
        { cause: thrown },
      );
    }
    return { database: await openReadable(`${pathToFileURL(file).href}?immutable=1`), place: asItIs };
  }
}

/** SQLite opens a file with the first question about what it holds. */
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

/** Whether there are commits that are in the `-wal` file only; opened as immutable the database would lack them. */
function hasUnsavedChanges(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
