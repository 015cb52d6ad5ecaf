import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { watchPlace } from "./database-file.ts";
import { refuseOtherMajor } from "./incompatible-store.ts";
import { type NodeSqlite, openNodeSqlite } from "./node-sqlite.ts";
import { columnOf, layoutOf, quoteIdentifier } from "./sql-adapter.ts";
import type { OpenedSqlite } from "./sqlite-backend.ts";
import { needsFiles, sqliteFileError } from "./sqlite-errors.ts";

/** A file to read. */
export interface ReadOnlyFile {
  readonly file: string;
  readonly table: string;
  /** The option or variable that named the file, for errors. */
  readonly at: string;
}

/**
 * Opens a file for reading alone. A file in WAL mode needs `-wal` and `-shm` beside it even so; where they cannot be made, as on a mount
 * that is read-only, the file is opened as immutable (sqlite.org/uri.html), and again whenever it changes.
 */
export async function openReadOnlySqlite({ file, table, at }: ReadOnlyFile): Promise<OpenedSqlite> {
  const asItIs = watchPlace(file, true);
  try {
    const { database, columns, isImmutable } = await openEither(file, table);
    try {
      const layout = layoutOf(columns);
      if (layout === null) throw new Error(`it has no table ${table}`);
      refuseOtherMajor(layout, "keyv-6", `${at}: ${file}`);
      const place = isImmutable ? asItIs : watchPlace(file, false);
      return { adapter: database, layout, place, canReopen: true, close: database.close };
    } catch (thrown) {
      await database.close();
      throw thrown;
    }
  } catch (thrown) {
    throw sqliteFileError({ file, at }, thrown);
  }
}

interface Readable {
  readonly database: NodeSqlite;
  readonly columns: readonly string[];
  readonly isImmutable: boolean;
}

async function openEither(file: string, table: string): Promise<Readable> {
  try {
    return { ...(await openReadable(file, table)), isImmutable: false };
  } catch (thrown) {
    if (!needsFiles(thrown)) throw thrown;
    if (hasUnsavedChanges(file)) {
      throw new Error(
        `its -wal holds changes that cannot be read here, because its -shm cannot be made: make the directory writable, or save them into the file with sqlite3 ${file} "PRAGMA wal_checkpoint(TRUNCATE)"`,
        { cause: thrown },
      );
    }
    return { ...(await openReadable(`${pathToFileURL(file).href}?immutable=1`, table)), isImmutable: true };
  }
}

/** SQLite opens a file with the first question. */
async function openReadable(filename: string, table: string): Promise<Omit<Readable, "isImmutable">> {
  const database = await openNodeSqlite(filename, { readOnly: true, wal: false });
  try {
    const rows = await database.query(`PRAGMA table_info(${quoteIdentifier(table)})`);
    return { database, columns: columnOf(rows, "name").map(String) };
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
}

/** Whether there are commits that are in the `-wal` file only; opened as immutable the database would lack them. */
function hasUnsavedChanges(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
