import type { DatabaseSync } from "node:sqlite";
import type { SqlAdapter } from "./sql-adapter.ts";

/** An open database of `node:sqlite`. */
export interface NodeSqlite extends SqlAdapter {
  close(): Promise<void>;
}

/** How to open one. */
export interface NodeSqliteOptions {
  readonly readOnly: boolean;
  readonly wal: boolean;
}

/**
 * How long the driver may wait for a lock, milliseconds. It blocks the whole process while it does, so the real waiting is done
 * outside of it.
 */
const BUSY_TIMEOUT_MS = 5;

/** Opens a path, or a `file:` URL where there is something to say about how to open it (sqlite.org/uri.html). */
export async function openNodeSqlite(filename: string, { readOnly, wal }: NodeSqliteOptions): Promise<NodeSqlite> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(filename, { readOnly, timeout: BUSY_TIMEOUT_MS });
  try {
    if (wal) database.exec("PRAGMA journal_mode = WAL");
  } catch (thrown) {
    closeQuietly(database);
    throw thrown;
  }
  return {
    query: async (sql, ...parameters) => database.prepare(sql).all(...parameters.map(toParameter)),
    close: async () => closeQuietly(database),
  };
}

function toParameter(value: unknown): string | number | null {
  return typeof value === "string" || typeof value === "number" ? value : null;
}

function closeQuietly(database: DatabaseSync): void {
  try {
    database.close();
  } catch {
    // Closed already.
  }
}
